using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.ApiKeys;

/// <summary>
/// What an admin limited of a key, as it is shown: the owner may tighten these members, not loosen or remove them. A member that is null,
/// or a list that is empty, is the owner's; <c>is_active</c> is false when an admin switched the key off. <c>max_budget</c> is USD.
/// </summary>
internal sealed record AdminLimitsResponse(
    bool? IsActive,
    IReadOnlyList<string> Models,
    IReadOnlyList<string> AllowedIps,
    DateTime? ExpiresAt,
    decimal? MaxBudget,
    string? BudgetDuration
)
{
    /// <param name="limits">The limits, or null.</param>
    /// <param name="budget">The cap that an admin set with the key, or null.</param>
    public static AdminLimitsResponse? From(ApiKeyLimits? limits, BudgetRow? budget) =>
        limits is null || limits.IsEmpty || (budget is null && (limits with { BudgetId = null }).IsEmpty)
            ? null
            : new AdminLimitsResponse(
                limits.IsInactive ? false : null,
                limits.Models ?? [],
                limits.AllowedIps ?? [],
                limits.ExpiresAt,
                budget is null ? null : Money.UsdOf(budget.MaxBudgetNanoUsd),
                budget?.BudgetDuration
            );
}
