namespace Gateway.Admin.LiteLlm;

/// <summary>A key of LiteLLM as the admin page reads it; every member stands.</summary>
internal sealed record LiteLlmKeyShape(
    string Token,
    string? KeyName,
    string? KeyAlias,
    decimal Spend,
    decimal? MaxBudget,
    string? Expires,
    List<string> Models,
    Dictionary<string, object> Aliases,
    Dictionary<string, object> Config,
    string? UserId,
    string? TeamId,
    decimal? MaxParallelRequests,
    Dictionary<string, object> Metadata,
    decimal? TpmLimit,
    decimal? RpmLimit,
    string? BudgetDuration,
    string? BudgetResetAt,
    List<object> AllowedCacheControls,
    List<object> AllowedRoutes,
    Dictionary<string, object> Permissions,
    Dictionary<string, object> ModelSpend,
    Dictionary<string, object> ModelMaxBudget,
    bool Blocked,
    string? OrgId,
    string? CreatedAt,
    string? CreatedBy,
    string? UpdatedAt,
    string? UpdatedBy,
    string? TeamAlias
);
