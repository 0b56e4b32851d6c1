namespace Gateway.Limits;

/// <summary>One budget, in USD.</summary>
internal sealed record BudgetView(
    string Scope,
    string? Model,
    string Window,
    string Mode,
    decimal Limit,
    decimal Used,
    decimal Held,
    decimal Remaining,
    DateTime? ResetAt
);
