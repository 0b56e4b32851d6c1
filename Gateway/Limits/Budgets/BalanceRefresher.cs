using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Budgets;

/// <summary>Reads a balance again when somebody changed it: a deposit counts at the next call.</summary>
internal sealed class BalanceRefresher(BudgetBook book) : IChangeConsumer
{
    /// <inheritdoc />
    public Task ResetAsync(CancellationToken cancellationToken) => book.RefreshBalancesAsync();

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        Task.WhenAll(
            changes.Where(c => c.EntityType == ChangedEntities.User).Select(c => c.EntityId).Distinct().Select(book.RefreshBalanceAsync)
        );
}
