using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>Counters are what the ledger's rows add up to, and when they are not, it is seen and can be mended.</summary>
public sealed class LedgerAuditTests
{
    private static readonly DateTime Start = new(2026, 3, 1, 22, 30, 0, DateTimeKind.Utc);

    [Theory, BothDatabases]
    public async Task Counters_of_traffic_are_clean(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000_000);
        await hub.AddBudgetAsync(caller, 1_000_000_000_000, b => (b.UserId, b.BudgetDuration) = (caller.UserId, "daily"));
        using var client = hub.NewClient(caller.Text);
        foreach (
            var body in new[]
            {
                InferenceCalls.Chat("gpt-4o-mini"),
                InferenceCalls.Stream("gpt-4o-mini"),
                InferenceCalls.Chat("sandbox-status-500"),
                InferenceCalls.Chat("sandbox-no-usage"),
            }
        )
        {
            using var answer = await client.ChatAsync(body);
            await hub.RecordAsync(answer);
        }
        var report = await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None);
        Assert.Equal((4L, 0L), (report.Records, report.DifferenceCount));
        Assert.True(report.TotalCostNanoUsd > 0);
        Assert.True(report.Counters > 30);
    }

    [Theory, BothDatabases]
    public async Task A_wrong_counter_is_named_and_set_right(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        await ChangeAsync(
            store,
            async db =>
            {
                (await db.HourlyUsage.FirstAsync()).InputTokens += 7;
                (await db.DailyUsage.FirstAsync()).TotalCostNanoUsd -= 1;
                (await db.UsageTotals.FirstAsync(t => t.Grain == "team_day")).OutputTokens += 1;
                (await db.ApiKeyUsage.FirstAsync()).RequestCount = 0;
                (await db.UserAccounts.FirstAsync()).TotalSpentNanoUsd++;
                (await db.BudgetSpend.FirstAsync()).SpentNanoUsd = 99;
            }
        );
        var audit = AuditOf(store);
        var report = await audit.CheckAsync(CancellationToken.None);
        Assert.Equal(
            new[]
            {
                ("api_key_usage", "request_count"),
                ("budget_spend", "spent_nano_usd"),
                ("usage_daily", "total_cost_nano_usd"),
                ("usage_hourly", "input_tokens"),
                ("usage_totals", "output_tokens"),
                ("user_accounts", "total_spent_nano_usd"),
            },
            report.Differences.Select(d => (d.Table, d.Column)).Order()
        );
        Assert.Equal((10_000L, 99L), report.Differences.Where(d => d.Table == "budget_spend").Select(d => (d.Ledger, d.Stored)).Single());

        Assert.Equal(6, (await audit.RebuildAsync(CancellationToken.None)).DifferenceCount);
        Assert.Equal(0, (await audit.CheckAsync(CancellationToken.None)).DifferenceCount);
        await using var db = store.CreateDbContext();
        Assert.Equal("ledger.rebuilt", (await db.AuditLog.AsNoTracking().SingleAsync()).Action);
    }

    [Theory, BothDatabases]
    public async Task Sums_that_are_missing_and_sums_of_nothing_are_differences(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        await ChangeAsync(
            store,
            async db =>
            {
                db.HourlyUsage.RemoveRange(await db.HourlyUsage.ToListAsync());
                db.ApiKeyUsage.Add(
                    new ApiKeyUsage
                    {
                        ApiKeyId = "nobody",
                        ModelId = "m",
                        RequestCount = 3,
                        LastUsedAt = Start,
                    }
                );
            }
        );
        var audit = AuditOf(store);
        Assert.Contains(
            (await audit.CheckAsync(CancellationToken.None)).Differences,
            d => d is { Table: "usage_hourly", Column: "requests", Ledger: > 0, Stored: 0 }
        );
        Assert.Contains(
            (await audit.CheckAsync(CancellationToken.None)).Differences,
            d => d is { Table: "api_key_usage", Key: "nobody m", Ledger: 0, Stored: 3 }
        );
        await audit.RebuildAsync(CancellationToken.None);
        Assert.Equal(0, (await audit.CheckAsync(CancellationToken.None)).DifferenceCount);
    }

    [Theory, BothDatabases]
    public async Task Rows_deleted_by_the_retention_still_count(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        await ChangeAsync(
            store,
            async db =>
            {
                db.LedgerHorizons.Add(new LedgerHorizon { Id = 1, DeletedBefore = Start.Date.AddDays(1) });
                await db.LedgerEntries.Where(r => r.AdmittedAt < Start.Date.AddDays(1)).ExecuteDeleteAsync();
            }
        );
        var report = await AuditOf(store).CheckAsync(CancellationToken.None);
        Assert.Equal((0L, Start.Date.AddDays(1)), (report.DifferenceCount, report.RecordsSince));
        Assert.InRange(report.Records, 1, 9);
    }

    [Theory, BothDatabases]
    public async Task A_check_keeps_nobody_from_writing(TestDatabase database)
    {
        using var store = await FilledAsync(database);
        var checking = Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AuditOf(store).CheckAsync(CancellationToken.None)));
        for (var i = 0; i < 20; i++)
        {
            await WriteAsync(store, [Record(100 + i)]);
        }
        Assert.All(await checking, report => Assert.Equal(0, report.DifferenceCount));
    }

    private static LedgerAudit AuditOf(TestStore store) => new(store, store.Provider, TimeProvider.System);

    private static async Task<TestStore> FilledAsync(TestDatabase database)
    {
        var store = await TestStore.CreateAsync(database);
        await ChangeAsync(
            store,
            db =>
            {
                db.Budgets.Add(
                    new BudgetRow
                    {
                        Id = "budget",
                        UserId = "user",
                        MaxBudgetNanoUsd = 1_000_000,
                        Source = BudgetSources.Admin,
                        Mode = "enforce",
                        CreatedAt = Start.AddDays(-1),
                        UpdatedAt = Start,
                    }
                );
                return Task.CompletedTask;
            }
        );
        await WriteAsync(store, [.. Enumerable.Range(0, 10).Select(Record)]);
        return store;
    }

    private static async Task ChangeAsync(TestStore store, Func<HubDbContext, Task> change)
    {
        await using var db = store.CreateDbContext();
        await change(db);
        await db.SaveChangesAsync();
    }

    private static async Task WriteAsync(TestStore store, IReadOnlyList<UsageRecord> records)
    {
        await using var db = store.CreateDbContext();
        await new UsageBatch(store.Provider).WriteAsync(db, records, CancellationToken.None);
    }

    // Over midnight, so that two days and several hours have sums.
    private static UsageRecord Record(int number) =>
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
            Usage = new() { Input = 10, Output = 5 },
            TotalCostNanoUsd = 1_000,
            OutputCostNanoUsd = 400,
            AdmittedAt = Start.AddMinutes(number * 20),
            EndedAt = Start.AddMinutes(number * 20),
            Charges = [new BudgetCharge("budget", "", DateTime.UnixEpoch)],
        };
}
