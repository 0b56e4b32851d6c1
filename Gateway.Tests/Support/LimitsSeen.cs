namespace Gateway.Tests.Support;

/// <summary>All limits of a caller, money in nano-dollars.</summary>
internal sealed record LimitsSeen(IReadOnlyList<RateSeen> Rates, IReadOnlyList<BudgetSeen> Budgets, BalanceSeen? Balance)
{
    public bool IsAtRest => Budgets.All(b => b.Held == 0) && Rates.All(r => r.Held == 0) && Balance is null or { Held: 0 };
}
