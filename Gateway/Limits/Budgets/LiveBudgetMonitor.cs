using Gateway.Core;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Limits.Budgets;

/// <summary>
/// How budgets stand on a node that pays from them: the accounts in memory are ahead of the database and tell spent and held from one
/// reading; what nobody here pays from comes from the database.
/// </summary>
internal sealed class LiveBudgetMonitor(BudgetBook book, IDbContextFactory<HubDbContext> databases, TimeProvider time) : IBudgetMonitor
{
    /// <inheritdoc />
    public async Task<BudgetStanding> ReadAsync(Budget budget, CancellationToken cancellationToken) =>
        (await ReadAllAsync([budget], cancellationToken))[0];

    /// <inheritdoc />
    public async Task<IReadOnlyList<BudgetStanding>> ReadAllAsync(IReadOnlyList<Budget> budgets, CancellationToken cancellationToken)
    {
        var now = time.UtcNow();
        var windows = budgets
            .Select(b => (Budget: b, Window: b.Period.WindowAt(now)))
            .DistinctBy(b => b.Budget.Id)
            .ToDictionary(b => b.Budget.Id, b => b.Window);
        var live = budgets.DistinctBy(b => b.Id).ToDictionary(b => b.Id, b => ReadLive(b, windows[b.Id]));
        var stored = await ReadStoredAsync(windows, live, cancellationToken);
        return
        [
            .. budgets.Select(b => new BudgetStanding(
                windows[b.Id],
                Money.FromNanoUsd(Saturating.Add(stored.GetValueOrDefault(b.Id), live[b.Id].Values.SumOf(a => a.Spent))),
                Money.FromNanoUsd(live[b.Id].Values.SumOf(a => a.Held)),
                Money.Zero
            )),
        ];
    }

    private Dictionary<string, (long Spent, long Held)> ReadLive(Budget budget, BudgetWindow window)
    {
        Dictionary<string, (long, long)> accounts = [];
        foreach (var account in book.Find(budget))
        {
            if (account.TryRead(window.Start, out var spent, out var held))
            {
                accounts[account.SubjectId] = (spent, held);
            }
        }
        return accounts;
    }

    // What is stored of those whose accounts are not in memory. A budget of a tier has a row per user: they are added up there, and those
    // that are known better here are taken off.
    private async Task<Dictionary<string, long>> ReadStoredAsync(
        Dictionary<string, BudgetWindow> windows,
        Dictionary<string, Dictionary<string, (long, long)>> live,
        CancellationToken cancellationToken
    )
    {
        if (windows.Count == 0)
        {
            return [];
        }
        var ids = windows.Keys.ToList(); // one parameter each time: a thousand cost SQLite a thousand times as much as one
        var starts = windows.Values.Select(w => UtcTime.ToStored(w.Start)).Distinct().ToList();
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var sums = await db
            .BudgetSpend.Where(s => ids.Contains(s.BudgetId) && starts.Contains(s.WindowStart))
            .GroupBy(s => new { s.BudgetId, s.WindowStart })
            .Select(g => new
            {
                g.Key.BudgetId,
                g.Key.WindowStart,
                High = g.Sum(s => s.SpentNanoUsd / Saturating.Half),
                Low = g.Sum(s => s.SpentNanoUsd % Saturating.Half),
            })
            .ToListAsync(cancellationToken);
        var stored = sums.Where(s => s.WindowStart == UtcTime.ToStored(windows[s.BudgetId].Start))
            .ToDictionary(s => s.BudgetId, s => Saturating.OfHalves(s.High, s.Low));
        var subjects = live.Values.SelectMany(a => a.Keys).Distinct().ToList();
        if (subjects.Count > 0)
        {
            var known = live.Where(a => a.Value.Count > 0).Select(a => a.Key).ToList();
            var rows = await db
                .BudgetSpend.AsNoTracking()
                .Where(s => known.Contains(s.BudgetId) && subjects.Contains(s.SubjectId) && starts.Contains(s.WindowStart))
                .ToListAsync(cancellationToken);
            foreach (
                var row in rows.Where(s =>
                    s.WindowStart == UtcTime.ToStored(windows[s.BudgetId].Start) && live[s.BudgetId].ContainsKey(s.SubjectId)
                )
            )
            {
                stored[row.BudgetId] = Saturating.Subtract(stored.GetValueOrDefault(row.BudgetId), row.SpentNanoUsd);
            }
        }
        return stored;
    }
}
