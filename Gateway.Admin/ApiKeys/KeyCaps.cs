using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.ApiKeys;

/// <summary>The two caps that come with a key: the owner's own and the one that an admin set. Both bind, each in its own period.</summary>
internal readonly record struct KeyCaps(BudgetRow? Own, BudgetRow? Admins)
{
    /// <summary>The one that is shown as the key's: the lower one.</summary>
    public BudgetRow? Shown =>
        Own is null || Admins is null ? Own ?? Admins
        : Own.MaxBudgetNanoUsd <= Admins.MaxBudgetNanoUsd ? Own
        : Admins;

    /// <summary>Finds them among the budgets of a key.</summary>
    public static KeyCaps Of(ApiKey key, IEnumerable<BudgetRow> budgets)
    {
        var all = budgets.ToList();
        return new KeyCaps(
            all.Find(b => b.Source == BudgetSources.User),
            key.AdminLimits?.BudgetId is { } id ? all.Find(b => b.Id == id) : null
        );
    }
}
