using Gateway.Admin.Replies;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Quotas;

/// <summary>
/// Budget, as it is shown: USD, spent and held from one reading. <c>reset_at</c> is the end of the present window, null for ever. A tier's
/// budget shows what all its users spent together; what remains is each user's own, so it is null there. The same with a
/// budget of each end user.
/// </summary>
[Alias("budget", "budgets")]
internal sealed record BudgetResponse(
    string Id,
    string? Scope,
    string? ScopeId,
    string? UserId,
    string? TeamId,
    string? ApiKeyId,
    string? TierId,
    string? ModelId,
    string? EndUser,
    decimal MaxBudget,
    decimal SpentBudget,
    decimal HeldBudget,
    decimal LeasedBudget,
    decimal? RemainingBudget,
    string? BudgetDuration,
    DateTime? ResetAt,
    string Mode,
    string? ExternalId,
    string Source,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public static BudgetResponse From(BudgetRow row, BudgetStanding standing)
    {
        var target = QuotaTarget.Of(row);
        var cap = Money.FromNanoUsd(row.MaxBudgetNanoUsd);
        var left = Money.Max(Money.Zero, cap - standing.Spent - standing.Held);
        return new BudgetResponse(
            row.Id,
            target?.Scope.ToName(),
            target?.Id,
            row.UserId,
            row.TeamId,
            row.ApiKeyId,
            row.TierId,
            row.ModelId,
            row.EndUser,
            cap.ToUsd(),
            standing.Spent.ToUsd(),
            standing.Held.ToUsd(),
            standing.Leased.ToUsd(),
            target?.Scope == QuotaScope.TierModel || row.EndUser == Budget.EachEndUser ? null : left.ToUsd(),
            row.BudgetDuration,
            standing.Window.End,
            row.Mode,
            row.ExternalId,
            row.Source,
            row.CreatedAt,
            row.UpdatedAt
        );
    }
}
