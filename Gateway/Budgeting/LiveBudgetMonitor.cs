using Gateway.Budgeting;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Budgeting;

/// <summary>
/// How budgets stand on a node that pays from them: the accounts in memory are ahead of the database and tell spent and held from one reading; what nobody here
/// pays from comes from the database.
/// </summary>
internal sealed class LiveBudgetMonitor(BudgetBook book, IDbContextFactory<HubDbContext> databases, TimeProvider time) : IBudgetMonitor
{
    /// <inheritdoc />
    public async Task<BudgetStanding> ReadAsync(Budget budget, CancellationToken cancellationToken) => (await ReadAllAsync([budget], cancellationToken))[0];

    /// <inheritdoc />
    public async Task<IReadOnlyList<BudgetStanding>> ReadAllAsync(IReadOnlyList<Budget> budgets, CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        var windows = budgets.ToDictionary(b => b.Id, b => b.Period.WindowAt(now));
        var stored = await ReadStoredAsync(windows, cancellationToken);
        return [.. budgets.Select(budget => Combine(budget, windows[budget.Id], stored.GetValueOrDefault(budget.Id) ?? []))];
    }

    private async Task<Dictionary<string, Dictionary<string, long>>> ReadStoredAsync(Dictionary<string, BudgetWindow> windows, CancellationToken cancellationToken)
    {
        if (windows.Count == 0)
        {
            return [];
        }
        var ids = windows.Keys.ToList();
        var oldest = windows.Values.Min(w => w.Start);
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var rows = await db.BudgetSpend.AsNoTracking().Where(s => ids.Contains(s.BudgetId) && s.WindowStart >= oldest).ToListAsync(cancellationToken);
        return rows.Where(s => s.WindowStart == UtcTime.ToStored(windows[s.BudgetId].Start))
            .GroupBy(s => s.BudgetId).ToDictionary(g => g.Key, g => g.ToDictionary(s => s.SubjectId, s => s.SpentNanoUsd));
    }

    private BudgetStanding Combine(Budget budget, BudgetWindow window, Dictionary<string, long> stored)
    {
        var held = 0L;
        foreach (var account in book.Find(budget))
        {
            if (account.TryRead(window.Start, out var spentHere, out var heldHere))
            {
                stored[account.SubjectId] = spentHere;
                held += heldHere;
            }
        }
        return new BudgetStanding(window, Money.FromNanoUsd(stored.Values.Sum()), Money.FromNanoUsd(held), Money.Zero);
    }
}
