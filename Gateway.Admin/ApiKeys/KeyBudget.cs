using Gateway.Admin.Access;
using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Quotas;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>
/// The cap that comes with a key, for ever unless a duration is sent. What an admin sets on somebody's key is a budget with the source
/// <c>admin</c>; the owner's is one with the source <c>user</c> beside it, never above the lowest cap that an admin put on the key. An
/// admin's word replaces both.
/// </summary>
internal static class KeyBudget
{
    /// <returns>The key's caps as they are now, or why not.</returns>
    public static async Task<(KeyCaps Caps, ApiError? Refusal)> SetAsync(
        Change change,
        ApiKey key,
        KeyBudgetWish wish,
        SignedInCaller caller,
        CancellationToken cancellationToken
    )
    {
        if (!wish.Cap.IsSent && !wish.Duration.IsSent)
        {
            return (default, null);
        }
        var rows = await change.Db.Budgets.Where(b => b.ApiKeyId == key.Id && b.EndUser == null).ToListAsync(cancellationToken);
        var caps = KeyCaps.Of(key, rows);
        var removes = wish.Cap is { IsSent: true, Value: null };
        if (!caller.IsAdmin && Refuse(wish, caps, rows) is { } refusal)
        {
            return (caps, refusal);
        }
        if (!removes && !wish.Cap.IsSent && caps.Shown is null)
        {
            return (caps, ApiError.Validation("max_budget", "required", "is required with budget_duration"));
        }
        return (
            caller.IsAdmin
                ? SetByAdmin(change, key, wish, caps, AdminKeyLimits.AreSetBy(caller, key.UserId))
                : SetByOwner(change, key, wish, caps),
            null
        );
    }

    private static ApiError? Refuse(KeyBudgetWish wish, KeyCaps caps, List<BudgetRow> rows)
    {
        if (wish.Cap.Value is { } cap && rows.Exists(b => b.Source != BudgetSources.User && b.MaxBudgetNanoUsd < cap.NanoUsd))
        {
            return ApiError.BudgetAboveAdminLimit;
        }
        if (caps is not { Own: null, Admins: { } admins })
        {
            return null;
        }
        return wish.Cap is { IsSent: true, Value: null }
                ? ApiError.SetByAdmin([AdminKeyLimits.Fault("max_budget", "send a smaller amount to lower it")])
            : !wish.Cap.IsSent && wish.Duration.Value != admins.BudgetDuration
                ? ApiError.SetByAdmin([
                    AdminKeyLimits.Fault("budget_duration", "send max_budget with it for a limit of your own beside it"),
                ])
            : null;
    }

    private static KeyCaps SetByOwner(Change change, ApiKey key, KeyBudgetWish wish, KeyCaps caps)
    {
        if (wish.Cap is { IsSent: true, Value: null })
        {
            Remove(change, caps.Own);
            return caps with { Own = null };
        }
        if (caps is { Own: null, Admins: { } admins } && IsAs(admins, wish))
        {
            return caps; // a form that sends back what it was shown
        }
        return caps with { Own = Put(change, key, caps.Own, BudgetSources.User, wish) };
    }

    private static KeyCaps SetByAdmin(Change change, ApiKey key, KeyBudgetWish wish, KeyCaps caps, bool bind)
    {
        var limits = (key.AdminLimits ?? ApiKeyLimits.None) with { BudgetId = null };
        if (wish.Cap is { IsSent: true, Value: null })
        {
            Remove(change, caps.Own);
            Remove(change, caps.Admins);
            key.AdminLimits = AdminKeyLimits.Orderly(limits);
            return default;
        }
        // The row stays the same where there is one, because what was spent of it stands there.
        var row = Put(change, key, caps.Admins ?? caps.Own, bind ? BudgetSources.Admin : BudgetSources.User, wish);
        Remove(change, caps is { Own: { } own, Admins: not null } ? own : null);
        key.AdminLimits = AdminKeyLimits.Orderly(limits with { BudgetId = bind ? row.Id : null });
        return bind ? new KeyCaps(null, row) : new KeyCaps(row, null);
    }

    private static bool IsAs(BudgetRow row, KeyBudgetWish wish) =>
        (wish.Cap.Value?.NanoUsd ?? row.MaxBudgetNanoUsd) == row.MaxBudgetNanoUsd
        && wish.Duration.Or(row.BudgetDuration) == row.BudgetDuration;

    private static BudgetRow Put(Change change, ApiKey key, BudgetRow? standing, string source, KeyBudgetWish wish)
    {
        var row = standing ?? BudgetDirectory.NewRow(new QuotaTarget(QuotaScope.ApiKey, key.Id, ModelId: null), source, change.Now);
        row.Source = source;
        row.MaxBudgetNanoUsd = wish.Cap.Value?.NanoUsd ?? row.MaxBudgetNanoUsd;
        row.BudgetDuration = wish.Duration.Or(row.BudgetDuration);
        row.UpdatedAt = change.Now;
        if (standing is null)
        {
            change.Db.Budgets.Add(row);
        }
        change.Audit(standing is null ? "budget.created" : "budget.updated", ChangedEntities.Budget, row.Id, row);
        return row;
    }

    private static void Remove(Change change, BudgetRow? row)
    {
        if (row is not null)
        {
            change.Db.Budgets.Remove(row);
            change.Audit("budget.deleted", ChangedEntities.Budget, row.Id, row);
        }
    }
}
