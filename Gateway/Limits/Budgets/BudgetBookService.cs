using Gateway.Core.Background;

namespace Gateway.Limits.Budgets;

/// <summary>Evicts idle accounts.</summary>
internal sealed class BudgetBookService(BudgetBook book, Rounds rounds) : PeriodicService("budget_accounts", rounds)
{
    protected override TimeSpan Interval => TimeSpan.FromSeconds(15);

    protected override Task RunAsync(CancellationToken cancellationToken)
    {
        book.Sweep();
        return Task.CompletedTask;
    }
}
