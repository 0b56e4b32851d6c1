using Gateway.Core.Ledger;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>The wall clock is set back behind the creation of a budget.</summary>
public sealed class ClockSetBackTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("daily")]
    [InlineData("30d")]
    public async Task A_call_before_the_creation_of_its_budget_is_booked_where_the_ledger_finds_it(string? period)
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        var created = DateTime.UtcNow.AddDays(2); // as if it had been made before the clock was set back by two days
        var budget = await hub.AddKeyBudgetAsync(
            caller,
            1_000_000_000_000,
            b => (b.BudgetDuration, b.CreatedAt, b.UpdatedAt) = (period, created, created)
        );
        using var client = hub.NewClient(caller.Text);
        var record = await hub.RecordAsync(await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini")));
        Assert.True(record.AdmittedAt >= budget.CreatedAt.AddTicks(-10));
        Assert.Equal(0, (await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None)).DifferenceCount);
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(record.TotalCostNanoUsd, db.BudgetSpend.Single(s => s.BudgetId == budget.Id).SpentNanoUsd);
    }
}
