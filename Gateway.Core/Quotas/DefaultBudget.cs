using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Quotas;

/// <summary>
/// The monthly budget of every user for whom no admin made one (setting <c>default_monthly_budget</c>, or the option of that name, which
/// wins). It has no row: its cap is the setting's, and what was spent is what the daily sums of the ledger say of the user's month, so that
/// it is right whenever it comes into force. Admins have none: they decide on it.
/// </summary>
public static class DefaultBudget
{
    /// <summary>Its period: the UTC month.</summary>
    public const string Duration = "monthly";

    private const string IdPrefix = "default-";

    /// <summary>The budget of a user.</summary>
    public static Budget Of(string userId, Money cap) =>
        new(IdPrefix + userId, QuotaScope.User, userId, null, cap, Month(), DateTime.UnixEpoch, QuotaMode.Enforce) { IsDefault = true };

    /// <summary>Where a call of a user is charged, for accounts in memory: the database has no sum of it.</summary>
    public static BudgetCharge ChargeOf(string userId, DateTime admittedAt) =>
        new(IdPrefix + userId, "", Month().WindowAt(admittedAt).Start);

    /// <summary>Whether it holds for a user.</summary>
    /// <param name="role">The user's role.</param>
    /// <param name="budgets">The user's own rows. One that an admin made, or LiteLLM, stands in its place; a cap that the user set, or one
    /// that only looks on, stands beside it.</param>
    public static bool Binds(string role, IEnumerable<BudgetRow> budgets) =>
        role != Roles.Admin
        && !budgets.Any(b => b.EndUser is null && b.Source != BudgetSources.User && b.Mode == QuotaMode.Enforce.ToName());

    /// <summary>The cap in force; null when there is none: a row without a value, and no row at all, is no budget.</summary>
    public static async Task<Money?> ReadCapAsync(HubDbContext db, BudgetOptions options, CancellationToken cancellationToken) =>
        options.DefaultMonthlyBudget is { } fixedAtStart ? Positive(fixedAtStart)
        : Money.TryParse(await HubSettings.DefaultMonthlyBudget.FindTextAsync(db, cancellationToken), out var stored) ? Positive(stored)
        : null;

    private static Money? Positive(Money money) => money > Money.Zero ? money : null;

    private static BudgetPeriod Month()
    {
        BudgetPeriod.TryParse(Duration, resetAt: null, DateTime.UnixEpoch, out var month);
        return month;
    }
}
