using Gateway.Core.Ledger;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Budgets;

/// <summary>Counts what was booked in budgets past this node, such as imported calls, in the accounts in memory.</summary>
internal sealed class SpendRaiser(BudgetBook book) : IChangeConsumer
{
    /// <inheritdoc />
    public Task ResetAsync(CancellationToken cancellationToken) => Task.CompletedTask; // no account is in memory yet

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken)
    {
        foreach (var change in changes.Where(c => c.EntityType == ChangedEntities.BudgetSpend))
        {
            var (charge, nanoUsd) = SpendRaise.Read(change);
            book.Raise(charge, nanoUsd, change.Revision);
        }
        return Task.CompletedTask;
    }
}
