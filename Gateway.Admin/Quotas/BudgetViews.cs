using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Quotas;

/// <summary>Shows budgets with how they stand at this moment.</summary>
internal sealed class BudgetViews(IBudgetMonitor monitor, TimeProvider time)
{
    /// <summary>The standing of each row, in order; a budget that binds nobody has a window but no figures.</summary>
    public async Task<IReadOnlyList<BudgetStanding>> ReadAsync(IReadOnlyList<BudgetRow> rows, CancellationToken cancellationToken)
    {
        var budgets = rows.Select(ScopeQuotas.ToBudget).ToList();
        var standings = new Queue<BudgetStanding>(await monitor.ReadAllAsync([.. budgets.OfType<Budget>()], cancellationToken));
        return [.. rows.Zip(budgets, (row, budget) => budget is null ? Unbound(row) : standings.Dequeue())];
    }

    public async Task<IReadOnlyList<BudgetResponse>> ShowAsync(IReadOnlyList<BudgetRow> rows, CancellationToken cancellationToken) =>
        [.. rows.Zip(await ReadAsync(rows, cancellationToken), BudgetResponse.From)];

    private BudgetStanding Unbound(BudgetRow row)
    {
        BudgetPeriod.TryParse(row.BudgetDuration, row.ResetAnchor, row.CreatedAt, out var period);
        return new BudgetStanding(period.WindowAt(time.UtcNow()), Money.Zero, Money.Zero, Money.Zero);
    }
}
