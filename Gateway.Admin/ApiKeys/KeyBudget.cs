using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>
/// The cap that comes with a key (section 2.9b): one budget of the key with the source <c>user</c>, for ever unless a duration is sent. Never above the lowest cap that an
/// admin put on the key, unless an admin sets it.
/// </summary>
internal static class KeyBudget
{
    private const long HighestUsd = 1_000_000_000;

    /// <summary>Reads <c>max_budget</c> (null takes the cap away) and <c>budget_duration</c>.</summary>
    public static KeyBudgetWish Read(MemberReader members) =>
        new(members.NullableAmount("max_budget", Money.FromNanoUsd(1), HighestUsd), BudgetEndpoints.ReadDuration(members));

    public static async Task<(BudgetRow? Row, ApiError? Refusal)> SetAsync(Change change, string keyId, KeyBudgetWish wish, bool byAdmin, CancellationToken cancellationToken)
    {
        if (!wish.Cap.IsSent && !wish.Duration.IsSent)
        {
            return (null, null);
        }
        var rows = await change.Db.Budgets.Where(b => b.ApiKeyId == keyId).ToListAsync(cancellationToken);
        var standing = rows.FirstOrDefault(b => b.Source == BudgetSources.User);
        if (wish.Cap is { IsSent: true, Value: null })
        {
            if (standing is not null)
            {
                change.Db.Budgets.Remove(standing);
                change.Audit("budget.deleted", ChangedEntities.Budget, standing.Id, standing);
            }
            return (null, null);
        }
        if (standing is null && !wish.Cap.IsSent)
        {
            return (null, ApiError.Validation("max_budget", "required", "is required with budget_duration"));
        }
        if (!byAdmin && wish.Cap.Value is { } cap && rows.Any(b => b.Source != BudgetSources.User && b.MaxBudgetNanoUsd < cap.NanoUsd))
        {
            return (null, ApiError.BudgetAboveAdminLimit);
        }
        var isNew = standing is null;
        standing ??= BudgetDirectory.NewRow(new QuotaTarget(QuotaScope.ApiKey, keyId, ModelId: null), BudgetSources.User, change.Now);
        standing.MaxBudgetNanoUsd = wish.Cap.Value?.NanoUsd ?? standing.MaxBudgetNanoUsd;
        standing.BudgetDuration = wish.Duration.Or(standing.BudgetDuration);
        standing.UpdatedAt = change.Now;
        if (isNew)
        {
            change.Db.Budgets.Add(standing);
        }
        change.Audit(isNew ? "budget.created" : "budget.updated", ChangedEntities.Budget, standing.Id, standing);
        return (standing, null);
    }
}

/// <summary>What is to be of a key's own cap.</summary>
internal readonly record struct KeyBudgetWish(Sent<Money?> Cap, Sent<string?> Duration);
