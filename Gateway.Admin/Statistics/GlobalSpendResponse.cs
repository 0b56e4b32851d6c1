namespace Gateway.Admin.Statistics;

/// <summary>All spend, USD.</summary>
internal sealed record GlobalSpendResponse(decimal Spend, decimal MaxBudget);
