using Gateway.Core.Pricing;

namespace Gateway.Core.Quotas;

/// <summary>How a budget stands.</summary>
/// <param name="Window">The present window.</param>
/// <param name="Spent">Ended calls of the window.</param>
/// <param name="Held">Bounds of calls in flight.</param>
/// <param name="Leased">Money taken by nodes and not used yet; apart from <paramref name="Held"/>.</param>
public sealed record BudgetStanding(BudgetWindow Window, Money Spent, Money Held, Money Leased);
