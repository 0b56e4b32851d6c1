namespace Gateway.Limits;

/// <summary>One rate.</summary>
internal sealed record RateView(
    string Scope,
    string? Model,
    string Window,
    string Mode,
    long Limit,
    long Used,
    long Held,
    long Remaining,
    DateTime? ResetAt
);
