using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Ledger;

/// <summary>Old rows go, what they added stays.</summary>
public sealed class RetentionTests
{
    internal static readonly DateTime Today = new(2026, 3, 10, 0, 0, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task Rows_older_than_the_option_go_and_every_sum_stays(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        var before = await SumsAsync(store);
        Assert.Equal(700, await ServiceOf(store, days: 3).DeleteAsync(CancellationToken.None));
        await using var db = store.CreateDbContext();
        Assert.Equal(Today.AddDays(-3), await db.UsageRecords.MinAsync(r => r.AdmittedAt));
        Assert.Equal(before, await SumsAsync(store));
        var report = await AuditOf(store).CheckAsync(CancellationToken.None);
        Assert.Equal((0L, 400L, Today.AddDays(-3)), (report.DifferenceCount, report.Records, report.RecordsSince));
    }

    [Theory, BothDatabases]
    public async Task A_second_run_a_day_later_goes_on_where_the_first_stopped(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        await ServiceOf(store, days: 3).DeleteAsync(CancellationToken.None);
        Assert.Equal(0, await ServiceOf(store, days: 3).DeleteAsync(CancellationToken.None));
        Assert.Equal(100, await ServiceOf(store, days: 2).DeleteAsync(CancellationToken.None));
        Assert.Equal(0, (await AuditOf(store).CheckAsync(CancellationToken.None)).DifferenceCount);
    }

    [Fact]
    public async Task A_run_that_is_cut_off_leaves_a_ledger_that_is_clean()
    {
        using var store = await FilledAsync(TestDatabase.Sqlite);
        using var cut = new CancellationTokenSource();
        var time = new ManualTimeProvider(new Noon().GetUtcNow());
        var running = ServiceOf(store, days: 1, time).DeleteAsync(cut.Token);
        await Eventually.TrueAsync(async () => await CountAsync(store) < 1_100, "the first step is done");
        await cut.CancelAsync();
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1)); // past the pause between two steps
                return Task.FromResult(running.IsCompleted);
            },
            "the run is over"
        );
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        Assert.Equal(0, (await AuditOf(store).CheckAsync(CancellationToken.None)).DifferenceCount);
    }

    [Fact]
    public async Task With_zero_days_nothing_is_deleted()
    {
        using var store = await FilledAsync(TestDatabase.Sqlite);
        Assert.Equal(0, await ServiceOf(store, days: 0).DeleteAsync(CancellationToken.None));
    }

    // A hundred calls on each of eleven days, today the last.
    private static async Task<TestStore> FilledAsync(TestDatabase database)
    {
        var store = await TestStore.CreateAsync(database);
        await using var db = store.CreateDbContext();
        await new UsageBatch(store.Provider).WriteAsync(
            db,
            [.. Enumerable.Range(0, 1_100).Select(i => Record(i, Today.AddDays(-(i / 100))))],
            CancellationToken.None
        );
        return store;
    }

    private static RetentionService ServiceOf(TestStore store, int days, TimeProvider? time = null) =>
        new(
            store,
            store.Provider,
            new LedgerOptions { UsageRetention = TimeSpan.FromDays(days) },
            time ?? new Noon(),
            TestRounds.At(TimeProvider.System),
            NullLogger<RetentionService>.Instance
        );

    private static LedgerAudit AuditOf(TestStore store) => new(store, store.Provider, TimeProvider.System);

    private static async Task<int> CountAsync(TestStore store)
    {
        await using var db = store.CreateDbContext();
        return await db.UsageRecords.CountAsync();
    }

    private static async Task<(long Hourly, long Daily, long Key, long User)> SumsAsync(TestStore store)
    {
        await using var db = store.CreateDbContext();
        return (
            await db.HourlyUsage.SumAsync(h => h.TotalCostNanoUsd),
            await db.DailyUsage.SumAsync(d => d.Requests),
            await db.ApiKeyUsage.SumAsync(k => k.RequestCount),
            await db.UserAccounts.SumAsync(a => a.TotalSpentNanoUsd)
        );
    }

    private static UsageRecord Record(int number, DateTime admittedAt) =>
        new()
        {
            Id = $"00000000-0000-7000-8000-{number:D12}",
            UserId = "user",
            ApiKeyId = "key",
            TierId = "tier",
            ModelId = "model",
            ModelName = "model",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            Usage = new() { Input = 10 },
            TotalCostNanoUsd = 1_000,
            AdmittedAt = admittedAt,
            EndedAt = admittedAt,
        };
}

/// <summary>The middle of the day of these tests. Timers are the system's.</summary>
file sealed class Noon : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => new(RetentionTests.Today.AddHours(12));
}
