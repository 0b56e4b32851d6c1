using System.Diagnostics.Metrics;
using BenchmarkDotNet.Attributes;
using Gateway.Apis;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Usage;
using Gateway.Ledger;
using Gateway.Limits;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Gateway.Telemetry;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Benchmarks.Stages;

/// <summary>What is done with a call when it has ended: settled on its way, then written to the ledger.</summary>
public class RecordingBenchmarks
{
    private const int BatchSize = 200;
    private const int Callers = 5_000;
    private const int Models = 20;
    private const int Teams = 50;

    private readonly KeptRecord _kept = new();
    private readonly MeteredAnswer _answer = new()
    {
        Outcome = AnswerOutcome.Complete,
        UsageSource = UsageSource.Reported,
        Usage = TokenUsage.OfText(182, 31),
        AnswerId = "chatcmpl-1",
        HasContent = true,
    };
    private readonly CallingKey _key = new("k1", "AAAAAAAAAAAAAAAA", new byte[32], "key", "u1", null, false, null, []);
    private readonly PolicyModel _model = new()
    {
        Id = "m1",
        Name = "gpt-4o-mini",
        UpstreamName = "gpt-4o-mini",
        Provider = "openai",
        Mode = "chat",
        IsEnabled = true,
        IsFree = false,
        CreatedAt = DateTime.UnixEpoch,
        Prices = PriceTable.FromUsdPerToken(0.00000015m, 0.0000006m),
    };

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private Reservations _reservations = null!;
    private Caller _caller = null!;
    private DirectoryInfo _folder = null!;
    private DbContextOptions<HubDbContext> _database = null!;
    private UsageBatch _batch = null!;
    private int _next;

    [GlobalSetup]
    public void Setup()
    {
        var options = new BudgetOptions();
        var settlement = new Settlement(
            new ChargeRule(new UsagePlausibility(options), options),
            new LearnedUsage(options),
            new ThresholdWatch(TimeProvider.System),
            new GatewayMetrics(_services.GetRequiredService<IMeterFactory>()),
            new TierLabels(new PolicySource()),
            TimeProvider.System,
            NullLogger<Settlement>.Instance
        );
        // Only the end is measured: nothing is taken
        _reservations = new Reservations(null!, null!, null!, settlement, _kept, null!, new OpenReservations());
        _caller = new Caller(new CallingUser("u1", "t1", null, true, true, null), _key);
        _folder = Directory.CreateTempSubdirectory("hub-stages-");
        DatabaseUrl.TryParse($"sqlite:{_folder.FullName}/hub.db", out var url);
        var store = StoreProvider.For(url!);
        var database = new DbContextOptionsBuilder<HubDbContext>();
        store.Configure(database);
        _database = database.Options;
        _batch = new UsageBatch(store);
        using var db = new HubDbContext(_database);
        db.Database.Migrate();
    }

    [GlobalCleanup]
    public void Cleanup()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        _folder.Delete(recursive: true);
    }

    [Benchmark]
    public long Settle_a_call() => NewReservation().EndAsync(new CallEnd(_answer, Outcomes.Ok, 200, IsStream: false)).Result.NanoUsd;

    [Benchmark(OperationsPerInvoke = BatchSize)]
    public Task Write_a_call_to_SQLite_among_200() => WriteAsync(_ => { });

    // No two of a batch are of one caller: nothing of the sums is shared but those of everybody.
    [Benchmark(OperationsPerInvoke = BatchSize)]
    public Task Write_a_call_to_SQLite_among_200_of_as_many_callers() =>
        WriteAsync(record =>
        {
            var caller = _next++ % Callers;
            (record.UserId, record.ApiKeyId, record.ModelId, record.TeamId) = (
                $"u{caller}",
                $"k{caller}",
                $"m{caller % Models}",
                $"team{caller % Teams}"
            );
        });

    private async Task WriteAsync(Action<UsageRecord> change)
    {
        var records = new List<UsageRecord>(BatchSize);
        for (var i = 0; i < BatchSize; i++)
        {
            Settle_a_call();
            change(_kept.Record!);
            records.Add(_kept.Record!);
        }
        await using var db = new HubDbContext(_database);
        await _batch.WriteAsync(db, records, default);
    }

    private Reservation NewReservation()
    {
        var call = new Call(Guid.CreateVersion7().ToString(), ApiTable.Chat, _caller, DateTime.UtcNow) { Model = _model, Attempts = 1 };
        call.Add(new RequestBody([], 0, default));
        var reservation = _reservations.Open(call);
        reservation.Quotas = new CallQuotas([], [], false, null);
        return reservation;
    }

    private sealed class KeptRecord : IUsageRecorder
    {
        public UsageRecord? Record { get; private set; }

        public ValueTask RecordAsync(UsageRecord record, JournalPosition last)
        {
            Record = record;
            return default;
        }
    }
}
