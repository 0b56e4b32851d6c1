namespace Gateway.Limits;

/// <summary>All limits of a caller.</summary>
/// <param name="Rates">Requests, tokens and calls in flight.</param>
/// <param name="Budgets">Caps on money.</param>
/// <param name="Balance">Prepaid money; null for a caller that pays afterwards.</param>
internal sealed record LimitsView(IReadOnlyList<RateView> Rates, IReadOnlyList<BudgetView> Budgets, BalanceView? Balance);
