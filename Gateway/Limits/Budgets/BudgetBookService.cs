using Gateway.Core.Ledger;
using Gateway.Core.Policy;
using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Budgets;

/// <summary>Lets idle accounts go, again and again.</summary>
internal sealed class BudgetBookService(BudgetBook book, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(15);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                book.Sweep();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
        }
    }
}

/// <summary>Reads a balance again when somebody changed it: a deposit counts at the next call.</summary>
internal sealed class BalanceRefresher(BudgetBook book) : IChangeConsumer
{
    /// <inheritdoc />
    public Task ResetAsync(CancellationToken cancellationToken) => book.RefreshBalancesAsync();

    /// <inheritdoc />
    public Task ApplyAsync(IReadOnlyList<ChangeLogEntry> changes, CancellationToken cancellationToken) =>
        Task.WhenAll(changes.Where(c => c.EntityType == ChangedEntities.User).Select(c => c.EntityId).Distinct().Select(book.RefreshBalanceAsync));
}

/// <summary>Counts what was booked in budgets past this node, such as imported calls, in the accounts in memory.</summary>
internal sealed class SpendRaiser(BudgetBook book) : IChangeConsumer
{
    /// <inheritdoc />
    public Task ResetAsync(CancellationToken cancellationToken) => Task.CompletedTask;   // no account is in memory yet

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
