using Gateway.Admin.Requests;

namespace Gateway.Admin.Quotas;

/// <summary>Which budgets are wanted.</summary>
internal sealed record BudgetQuery : WholeListQuery
{
    public string? UserId { get; init; }

    public string? TeamId { get; init; }

    public string? ApiKeyId { get; init; }

    public string? TierId { get; init; }

    public string? ModelId { get; init; }

    public string? EndUser { get; init; }

    [OneOf(typeof(QuotaTarget), nameof(QuotaTarget.ScopeNames))]
    public string? Scope { get; init; }
}
