using Gateway.Core.Ledger;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Ledger;

/// <summary>
/// Charges at the end of the range, as an earlier version could write them: no sum throws, wraps or turns into floating point, in one batch
/// or in several.
/// </summary>
public sealed class SaturatedSumsTests
{
    [Theory, BothDatabases]
    public async Task Sums_of_charges_at_the_end_of_the_range_stay_there(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await WriteAsync(store, Record("user"), Record("user"));
        await WriteAsync(store, Record("user"), Record("user"));
        await using var db = store.CreateDbContext();
        Assert.Equal(long.MaxValue, (await db.UserAccounts.AsNoTracking().SingleAsync()).TotalSpentNanoUsd);
        Assert.Equal(-long.MaxValue, (await db.UserAccounts.AsNoTracking().SingleAsync()).BalanceNanoUsd);
        Assert.Equal(long.MaxValue, (await db.ApiKeyUsage.AsNoTracking().SingleAsync()).TotalCostNanoUsd);
        Assert.Equal(long.MaxValue, (await db.BudgetSpend.AsNoTracking().SingleAsync()).SpentNanoUsd);
        Assert.All(
            await db.UsageTotals.AsNoTracking().ToListAsync(),
            t => Assert.Equal((long.MaxValue, 4 * (1L << 48)), (t.TotalCostNanoUsd, t.OutputTokens))
        );
        Assert.Equal(long.MaxValue, await db.UserAccounts.SumSaturatingAsync(a => a.TotalSpentNanoUsd, CancellationToken.None));
        Assert.Equal(long.MaxValue, await db.UsageRecords.SumSaturatingAsync(a => a.TotalCostNanoUsd, CancellationToken.None));
        Assert.Equal(0, await db.UsageRecords.Where(r => r.Id == "").SumSaturatingAsync(a => a.TotalCostNanoUsd, CancellationToken.None));
    }

    [Theory, BothDatabases]
    public async Task The_check_agrees_with_sums_at_the_end_of_the_range(TestDatabase database)
    {
        using var store = await TestStore.CreateAsync(database);
        await WriteAsync(store, Record("user"), Record("user"), Record("user"));
        var report = await new LedgerAudit(store, store.Provider, TimeProvider.System).CheckAsync(CancellationToken.None);
        Assert.Equal((0L, 3L, long.MaxValue), (report.DifferenceCount, report.Records, report.TotalCostNanoUsd));
    }

    [Theory, BothDatabases]
    public async Task Every_report_answers_with_sums_at_the_end_of_the_range(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        for (var i = 0; i < 3; i++)
        {
            await hub.WriteAsync(Record(hub.Admin.Id), Record(hub.Admin.Id, hours: 30));
        }
        const decimal Most = 9_223_372_036.854775807m;
        var usage = await hub.Admin.Client.SendAsync("GET", "/admin/usage?group_by=user");
        usage.Is(200);
        Assert.Equal(
            Most,
            usage
                .Body.At("data.usage")
                .EnumerateArray()
                .Single(r => r.Text("user_id") == hub.Admin.Id)
                .GetProperty("total_cost")
                .GetDecimal()
        );
        foreach (
            var path in new[]
            {
                "/admin/usage?group_by=day",
                "/admin/usage?group_by=model",
                $"/users/{hub.Admin.Id}/spending",
                $"/users/{hub.Admin.Id}/usage-stats?period=week",
                $"/users/{hub.Admin.Id}/usage-stats?period=day",
                "/admin/litellm/admin/stats",
                "/admin/litellm/global/spend",
                "/admin/litellm/global/spend/logs",
                "/admin/litellm/global/activity?start_date=2026-01-01&end_date=2026-12-31",
                "/users/me/budget",
                "/admin/ledger/check",
            }
        )
        {
            Assert.Equal(System.Net.HttpStatusCode.OK, (await hub.Admin.Client.SendAsync("GET", path)).Status);
        }
    }

    [Theory, BothDatabases]
    public async Task A_budget_that_was_charged_to_the_end_of_the_range_is_used_up(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var caller = await hub.AddCallerAsync();
        var budget = await hub.AddKeyBudgetAsync(caller, 1_000_000_000_000);
        await using (var db = await hub.Databases.CreateDbContextAsync())
        {
            var row = await db.Budgets.AsNoTracking().SingleAsync(b => b.Id == budget.Id);
            var calls = Enumerable.Range(0, 2).Select(_ => Record(caller.UserId, caller.Id)).ToList();
            calls.ForEach(c => c.Charges = BudgetCharges.Of(c, [ScopeQuotas.ToBudget(row)!]));
            await new UsageBatch(hub.Services.GetRequiredService<Core.Storage.Providers.StoreProvider>()).WriteAsync(
                db,
                calls,
                CancellationToken.None
            );
        }
        using var client = hub.NewClient(caller.Text);
        await (await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini", ",\"max_tokens\":5"))).AssertRefusedAsync(
            429,
            "insufficient_quota",
            "insufficient_quota"
        );
        Assert.Equal(long.MaxValue, (await client.LimitsAsync()).Budgets.Single().Used);
    }

    private static async Task WriteAsync(TestStore store, params UsageRecord[] records)
    {
        await using var db = store.CreateDbContext();
        await new UsageBatch(store.Provider).WriteAsync(db, records, CancellationToken.None);
    }

    private static UsageRecord Record(string userId, string keyId = "key", int hours = 0) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            ApiKeyId = keyId,
            TeamId = "team",
            TierId = "tier",
            ModelId = "model",
            ModelName = "model",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            IsPrepaid = true,
            Usage = new() { Input = 10, Output = 1L << 48 },
            TotalCostNanoUsd = long.MaxValue,
            OutputCostNanoUsd = long.MaxValue,
            UpstreamCostNanoUsd = long.MaxValue,
            AdmittedAt = DateTime.UtcNow.AddHours(-hours),
            EndedAt = DateTime.UtcNow,
            Charges = [new BudgetCharge("budget", "", DateTime.UnixEpoch)],
        };
}
