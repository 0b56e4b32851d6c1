namespace Gateway.Core.Quotas;

/// <summary>One window of a budget: from <paramref name="Start"/> on, before <paramref name="End"/> (null: for ever). UTC.</summary>
public readonly record struct BudgetWindow(DateTime Start, DateTime? End);
