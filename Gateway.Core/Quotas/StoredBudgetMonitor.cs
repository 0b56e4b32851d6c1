using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Quotas;

/// <summary>
/// How budgets stand as the database knows it: ended calls only. For nodes without traffic; a node that pays from budgets knows more.
/// </summary>
public sealed class StoredBudgetMonitor(IDbContextFactory<HubDbContext> databases, TimeProvider time) : IBudgetMonitor
{
    /// <inheritdoc />
    public async Task<BudgetStanding> ReadAsync(Budget budget, CancellationToken cancellationToken) =>
        (await ReadAllAsync([budget], cancellationToken))[0];

    /// <inheritdoc />
    public async Task<IReadOnlyList<BudgetStanding>> ReadAllAsync(IReadOnlyList<Budget> budgets, CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        var windows = budgets.Select(b => b.Period.WindowAt(now)).ToList();
        var ids = budgets.Select(b => b.Id).Distinct().ToList();
        var oldest = windows.Count == 0 ? now : windows.Min(w => w.Start);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var spends = await db
            .BudgetSpend.Where(s => ids.Contains(s.BudgetId) && s.WindowStart >= oldest)
            .GroupBy(s => new { s.BudgetId, s.WindowStart })
            .Select(g => new
            {
                g.Key.BudgetId,
                g.Key.WindowStart,
                High = g.Sum(s => s.SpentNanoUsd / Saturating.Half),
                Low = g.Sum(s => s.SpentNanoUsd % Saturating.Half),
            })
            .ToDictionaryAsync(s => (s.BudgetId, s.WindowStart), s => Saturating.OfHalves(s.High, s.Low), cancellationToken);
        return
        [
            .. budgets.Zip(
                windows,
                (budget, window) =>
                    new BudgetStanding(
                        window,
                        Money.FromNanoUsd(spends.GetValueOrDefault((budget.Id, UtcTime.ToStored(window.Start)))),
                        Money.Zero,
                        Money.Zero
                    )
            ),
        ];
    }
}
