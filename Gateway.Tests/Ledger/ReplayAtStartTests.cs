using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Ledger;

/// <summary>What a process that died left in its journal is in the ledger before the next one takes a call.</summary>
public sealed class ReplayAtStartTests : IDisposable
{
    private const long Bound = 40_000_000;
    private const long Cost = 7_500_000;

    private static readonly DateTime Admitted = new(2026, 3, 1, 22, 30, 0, DateTimeKind.Utc);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("hub-replay-");
    private readonly Guid _settled = Guid.CreateVersion7();
    private readonly Guid _inFlight = Guid.CreateVersion7();
    private readonly Guid _released = Guid.CreateVersion7();

    [Theory, BothDatabases]
    public async Task Settled_calls_come_at_their_cost_and_calls_in_flight_at_their_whole_hold(TestDatabase database)
    {
        Die();
        await using var hub = await HubHost.StartAsync(database, folder: _folder);
        await using var db = await hub.Databases.CreateDbContextAsync();
        var rows = await db.UsageRecords.AsNoTracking().ToDictionaryAsync(r => r.Id);
        Assert.Equal(new[] { _settled.ToString(), _inFlight.ToString() }.Order(), rows.Keys.Order());
        Assert.Equal((Cost, "reported", "ok"), Figures(rows[_settled.ToString()]));
        Assert.Equal((Bound, "bound", "node_lost"), Figures(rows[_inFlight.ToString()]));
        Assert.Equal((Bound, true), (rows[_inFlight.ToString()].HeldNanoUsd, rows[_inFlight.ToString()].IsPrepaid));
        Assert.Equal(
            Cost + Bound,
            (await db.BudgetSpend.SingleAsync(s => s.BudgetId == "budget-1" && s.WindowStart == Admitted.Date)).SpentNanoUsd
        );
        var account = await db.UserAccounts.AsNoTracking().SingleAsync(a => a.UserId == "user-1");
        Assert.Equal((-Bound, Cost + Bound), (account.BalanceNanoUsd, account.TotalSpentNanoUsd));
        Assert.Equal(2, await db.DailyUsage.SumAsync(d => d.Requests));
    }

    [Fact]
    public async Task With_the_option_calls_in_flight_are_recorded_and_free()
    {
        Die();
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["CRASH_SETTLE"] = "passed" },
            folder: _folder
        );
        Assert.Equal((0L, "none", "node_lost"), Figures(await hub.RecordAsync(_inFlight.ToString())));
        Assert.Equal(Cost, (await hub.RecordAsync(_settled.ToString())).TotalCostNanoUsd);
    }

    [Fact]
    public async Task A_call_that_was_written_before_the_process_died_is_not_written_again()
    {
        Die();
        await (await HubHost.StartAsync(folder: _folder)).DisposeAsync();
        Die(); // the same calls once more, as after a crash between commit and confirmation
        await using var hub = await HubHost.StartAsync(folder: _folder);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal((2, Cost + Bound), (await db.UsageRecords.CountAsync(), await db.UsageRecords.SumAsync(r => r.TotalCostNanoUsd)));
        Assert.Equal(Cost + Bound, await db.BudgetSpend.SumAsync(s => s.SpentNanoUsd));
    }

    [Fact]
    public async Task A_hold_whose_call_is_in_the_ledger_already_changes_nothing()
    {
        Die();
        await (await HubHost.StartAsync(folder: _folder)).DisposeAsync();
        using (var journal = Open(OwnNode))
        {
            Assert.True(journal.TryHold(Hold(_settled)).IsPublished);
        }
        await using var hub = await HubHost.StartAsync(folder: _folder);
        Assert.Equal((Cost, "reported", "ok"), Figures(await hub.RecordAsync(_settled.ToString())));
    }

    [Fact]
    public async Task The_journal_of_a_node_of_another_name_is_replayed_and_its_folder_goes()
    {
        Die("another-node");
        await using var hub = await HubHost.StartAsync(folder: _folder);
        Assert.Equal(Cost, (await hub.RecordAsync(_settled.ToString())).TotalCostNanoUsd);
        Assert.False(Directory.Exists(JournalFolder.PathOf(_folder.FullName, "another-node")));
    }

    [Fact]
    public async Task The_journal_of_a_node_that_lives_is_left_alone()
    {
        using var other = Open("another-node");
        Assert.True(other.TrySettle(Usage(_settled)).IsPublished);
        await using var hub = await HubHost.StartAsync(folder: _folder);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(0, await db.UsageRecords.CountAsync());
    }

    [Fact]
    public async Task A_stop_that_drained_everything_leaves_nothing_to_replay()
    {
        await using (var hub = await HubHost.StartAsync(folder: _folder))
        {
            await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
            await hub.Client.ChatAsync(InferenceCalls.Stream("gpt-4o-mini"));
        }
        using var folder = JournalFolder.Lock(JournalFolder.PathOf(_folder.FullName, OwnNode));
        var replay = JournalReplay.Read(folder);
        Assert.Empty(replay.SettledCalls());
        Assert.Empty(replay.OpenHolds);
    }

    [Fact]
    public async Task A_call_that_is_refused_behind_its_hold_leaves_nothing_to_replay()
    {
        string key;
        await using (var first = await HubHost.StartAsync(folder: _folder))
        {
            key = first.ApiKey;
        }
        await using (
            var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["SANDBOX"] = "false" }, folder: _folder)
        )
        {
            using var client = hub.NewClient(key);
            await (await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"))).AssertRefusedAsync(
                503,
                "server_error",
                "litellm_not_configured"
            );
        }
        using var folder = JournalFolder.Lock(JournalFolder.PathOf(_folder.FullName, OwnNode));
        var replay = JournalReplay.Read(folder);
        Assert.Empty(replay.SettledCalls());
        Assert.Empty(replay.OpenHolds);
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static string OwnNode => $"{Environment.MachineName}:0";

    // What the page cache holds after kill -9: a call that was settled, one in flight, one that was let go.
    private void Die(string? node = null)
    {
        using var journal = Open(node ?? OwnNode);
        var hold = journal.TryHold(Hold(_settled));
        Assert.True(journal.TrySettle(Usage(_settled), hold.Position).IsPublished);
        Assert.True(journal.TryHold(Hold(_inFlight, new HeldAccount(HeldScope.Balance, "user-1", "", "", default))).IsPublished);
        Assert.True(journal.TryRelease(_released, 1, journal.TryHold(Hold(_released)).Position).IsPublished);
    }

    private CallJournal Open(string node) =>
        CallJournal.Open(
            JournalFolder.Lock(JournalFolder.PathOf(_folder.FullName, node)),
            new JournalOptions { SegmentBytes = 64 * 1024 },
            NullLogger.Instance
        );

    private static HoldRecord Hold(Guid id, params HeldAccount[] more) =>
        new()
        {
            CallId = id,
            Attempt = 1,
            AdmittedAt = Admitted,
            BoundNanoUsd = Bound,
            ApiKeyId = "key-1",
            UserId = "user-1",
            TierId = "tier-1",
            ModelId = "model-1",
            ModelName = "gpt-4o-mini",
            CallType = "acompletion",
            Accounts = (HeldAccount[])[new(HeldScope.User, "budget-1", "", "daily", Admitted.Date), .. more],
        };

    private static UsageRecord Usage(Guid id) =>
        new()
        {
            Id = id.ToString(),
            Attempts = 1,
            UserId = "user-1",
            ApiKeyId = "key-1",
            TierId = "tier-1",
            ModelId = "model-1",
            ModelName = "gpt-4o-mini",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            TotalCostNanoUsd = Cost,
            HeldNanoUsd = Bound,
            AdmittedAt = Admitted,
            EndedAt = Admitted.AddSeconds(2),
            Charges = [new BudgetCharge("budget-1", "", Admitted.Date)],
        };

    private static (long Cost, string Source, string Outcome) Figures(UsageRecord record) =>
        (record.TotalCostNanoUsd, record.UsageSource, record.Outcome);
}
