namespace Gateway.Admin.Quotas;

/// <summary>
/// The cap of a user, as it is shown: USD. The limit is null when nobody set one and there is no default; <c>is_enforced</c> says whether
/// calls above it are refused. <c>set_by</c> is <c>user</c> or <c>admin</c>, null for the default; <c>admin_limit</c> is the lowest cap of
/// an admin, or the default: the user cannot go above it.
/// </summary>
internal sealed record OwnBudgetResponse(
    string Id,
    string UserId,
    decimal? MonthlyLimit,
    decimal CurrentSpending,
    string Currency,
    string BudgetDuration,
    DateTime? ResetAt,
    bool IsDefault,
    bool IsEnforced,
    decimal? AdminLimit,
    string? SetBy,
    DateTime CreatedAt,
    DateTime UpdatedAt
);
