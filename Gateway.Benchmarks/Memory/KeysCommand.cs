using System.Diagnostics;
using System.Globalization;
using Gateway.Benchmarks.Load.Servers;
using Gateway.Callers;
using Gateway.Core.Keys;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Hosting;
using Gateway.Ledger;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Benchmarks.Memory;

/// <summary>
/// <c>keys</c>: what stays in memory of many keys that each made one call. The real process on SQLite, every key with a limit of one call a
/// day and a budget; each is authenticated, admitted, held and settled once. Then idle counters and accounts are evicted, and a sample of
/// the keys asks again: the limit of the day must still refuse.
/// </summary>
internal static class KeysCommand
{
    private const int Samples = 1_000;
    private const int AtOnce = 128; // most of a call here is waiting for the database

    // Counters and accounts go after a minute without calls, callers after five.
    private static readonly TimeSpan Idle = TimeSpan.FromMinutes(7);

    public static async Task<int> RunAsync(string[] arguments)
    {
        var count = arguments is ["--count", var text] ? int.Parse(text, CultureInfo.InvariantCulture) : 1_000_000;
        var folder = Directory.CreateTempSubdirectory("hub-keys-");
        try
        {
            var settings = GatewayServer.Settings(folder.FullName, "", ApiKeyText.Create().Text);
            await using var hub = await HubProcess.StartAsync(
                ["--environment", "Production", "--Logging:LogLevel:Default=Warning"],
                settings
            );
            var secret = await SeedAsync(hub, count);
            var before = Measure();
            Console.WriteLine($"{count} keys in the database; at the start {before}");
            var watch = Stopwatch.StartNew();
            await Parallel.ForEachAsync(
                Enumerable.Range(1, count),
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce },
                async (number, _) => await CallAsync(hub, Key(number, secret), isFirst: true)
            );
            Console.WriteLine($"each seen once in {watch.Elapsed.TotalSeconds:F0} s; then {Measure()}");
            await Task.Delay(Idle);
            await CallAsync(hub, Key(1, secret), isFirst: false); // whatever is looked through only when somebody comes
            await Task.Delay(TimeSpan.FromSeconds(2));
            var after = Measure();
            Console.WriteLine(
                $"{Idle.TotalMinutes:0} minutes later {after}, {after.WorkingSet - before.WorkingSet:F0} MB of working set and "
                    + $"{after.Heap - before.Heap:F0} MB of heap above the start; "
                    + $"{hub.App.Services.GetRequiredService<CounterStore>().Count} counters and "
                    + $"{hub.App.Services.GetRequiredService<BudgetBook>().Count} accounts in memory"
            );
            for (var i = 0; i < Samples; i++)
            {
                await CallAsync(hub, Key(1 + (int)((long)i * count / Samples), secret), isFirst: false);
            }
            Console.WriteLine($"{Samples} of them asked again: all refused by their limit of the day");
            return 0;
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            folder.Delete(recursive: true);
        }
    }

    // Users, keys, limits and budgets by number, made by the database itself. The keys share one secret: what is looked up is the public
    // id.
    private static async Task<string> SeedAsync(HubProcess hub, int count)
    {
        var secret = ApiKeyText.Create();
        await using var db = await hub.App.Services.GetRequiredService<IDbContextFactory<HubDbContext>>().CreateDbContextAsync();
        var tierId = await db.Tiers.Where(t => t.IsFree).Select(t => t.Id).SingleAsync();
        var key = new ApiKey
        {
            Id = "k",
            UserId = "u",
            Name = "k",
            PublicId = "p",
            SecretHash = secret.SecretHash,
            Preview = secret.Preview,
            IsActive = true,
            CreatedAt = DateTime.UtcNow,
            UpdatedAt = DateTime.UtcNow,
        };
        var user = new User
        {
            Id = "u",
            Email = "u",
            Username = "u",
            UsernameKey = "u",
            PasswordHash = "none",
            Role = Roles.Customer,
            IsActive = true,
            TierId = tierId,
            FreeTierStatus = FreeTierStatuses.Approved,
            CreatedAt = key.CreatedAt,
            UpdatedAt = key.CreatedAt,
        };
        db.AddRange(
            user,
            key,
            new RateLimitRow
            {
                Id = "r",
                ApiKeyId = "k",
                ScopeKey = "s",
                RequestsPerDay = 1,
                Mode = "enforce",
                CreatedAt = key.CreatedAt,
                UpdatedAt = key.CreatedAt,
            },
            new BudgetRow
            {
                Id = "b",
                ApiKeyId = "k",
                MaxBudgetNanoUsd = 1_000_000_000,
                BudgetDuration = "1d",
                Source = BudgetSources.Admin,
                Mode = "enforce",
                CreatedAt = key.CreatedAt,
                UpdatedAt = key.CreatedAt,
            }
        );
        await db.SaveChangesAsync();
        await MultiplyAsync(db, "users", "u", count, ["id", "email", "username", "username_key"], []);
        await MultiplyAsync(db, "api_keys", "k", count, ["id", "public_id"], ["user_id"]);
        await MultiplyAsync(db, "rate_limits", "r", count, ["id", "scope_key"], ["api_key_id"]);
        await MultiplyAsync(db, "budgets", "b", count, ["id"], ["api_key_id"]);
        // Else every reading would go through what such inserts leave in the log.
        await db.Database.ExecuteSqlRawAsync("PRAGMA wal_checkpoint(TRUNCATE)");
        return secret.Text[^ApiKeyText.SecretLength..];
    }

    private static string Key(int number, string secret) => $"sk-hub-{number:D16}-{secret}";

    // Copies one row so many times; the named columns get the copy's number.
    private static async Task MultiplyAsync(HubDbContext db, string table, string id, int count, string[] unique, string[] references)
    {
        var columns = await db.Database.SqlQuery<string>($"SELECT name AS \"Value\" FROM pragma_table_info({table})").ToListAsync();
        var values = columns.Select(c => unique.Contains(c) || references.Contains(c) ? "printf('%016d', n)" : c);
        await using var command = db.Database.GetDbConnection().CreateCommand();
        command.CommandTimeout = 600;
        command.CommandText =
            $"WITH RECURSIVE numbers(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {count}) "
            + $"INSERT INTO {table} ({string.Join(", ", columns)}) SELECT {string.Join(", ", values)} FROM numbers, {table} AS "
            + $"original WHERE original.id = '{id}'";
        await db.Database.OpenConnectionAsync();
        await command.ExecuteNonQueryAsync();
    }

    // The stages of a call without HTTP: who, how many, how much, and its record.
    private static async Task CallAsync(HubProcess hub, string key, bool isFirst)
    {
        var services = hub.App.Services;
        var (caller, _) = await services
            .GetRequiredService<Authenticator>()
            .AuthenticateAsync(new HeaderDictionary { ["Authorization"] = "Bearer " + key }, address: null, default);
        var quotas = caller!.Key!.Quotas;
        var admitted = await PatientlyAsync(() =>
            services.GetRequiredService<AdmissionController>().AdmitAsync(quotas.Rates, caller.User.Id, TokenEstimate.Exactly(10), default)
        );
        if ((admitted.Lease is not null) != isFirst)
        {
            throw new InvalidOperationException("The limit of the day was not kept.");
        }
        if (admitted.Lease is not { } lease)
        {
            return;
        }
        var line = await PatientlyAsync(() =>
            services.GetRequiredService<BudgetBook>().LineAsync(quotas.Budgets[0], caller.User.Id, lease.AdmittedAt)
        );
        MoneyHold.TryTake([line], Money.FromNanoUsd(1_000), out var hold, out _);
        await services
            .GetRequiredService<IUsageRecorder>()
            .RecordAsync(
                new UsageRecord
                {
                    Id = Guid.CreateVersion7().ToString(),
                    UserId = caller.User.Id,
                    ApiKeyId = caller.Key.Id,
                    TierId = caller.User.TierId,
                    ModelId = "m",
                    ModelName = "m",
                    CallType = "chat",
                    Status = "completed",
                    Outcome = "ok",
                    ServiceTier = "default",
                    UsageSource = "reported",
                    IsCounted = true,
                    Attempts = 1,
                    HttpStatus = 200,
                    AdmittedAt = lease.AdmittedAt,
                    EndedAt = DateTime.UtcNow,
                    Charges = hold!.Charges(),
                    TotalCostNanoUsd = 500,
                },
                default
            );
        hold.Settle(Money.FromNanoUsd(500));
        lease.Release(LeaseEnd.Answered(10));
        lease.Dispose();
    }

    // As a client does that is told to come back: the database may be behind on a slow machine.
    private static async Task<T> PatientlyAsync<T>(Func<ValueTask<T>> ask)
    {
        while (true)
        {
            try
            {
                return await ask();
            }
            catch (CallerStoreUnavailableException)
            {
                await Task.Delay(TimeSpan.FromSeconds(1));
            }
        }
    }

    private static Figures Measure()
    {
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        var parts = File.ReadLines("/proc/self/status")
            .Select(l => l.Split(':', StringSplitOptions.TrimEntries))
            .Where(l => l[0] is "VmRSS" or "RssFile" or "RssShmem")
            .ToDictionary(l => l[0], l => long.Parse(l[1].Split(' ')[0], CultureInfo.InvariantCulture) / 1024.0);
        return new Figures(parts["VmRSS"], parts["RssFile"] + parts["RssShmem"], GC.GetTotalMemory(forceFullCollection: true) / 1048576.0);
    }

    // Mapped files: assemblies, the database's shared memory and the journal's segments, whose pages the system takes back when it needs
    // them.
    private readonly record struct Figures(double WorkingSet, double Mapped, double Heap)
    {
        public override string ToString() =>
            string.Create(
                CultureInfo.InvariantCulture,
                $"{WorkingSet:F0} MB of working set ({Mapped:F0} MB of it mapped files), {Heap:F0} MB of heap"
            );
    }
}
