using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Accounts;

/// <summary>A user with what an answer shows beside it.</summary>
internal sealed class UserView
{
    public required User User { get; init; }

    public required Tier Tier { get; init; }

    /// <summary>Null until traffic has charged the user.</summary>
    public UserAccount? Account { get; init; }
}

/// <summary>Finds users; deleted ones are not there.</summary>
internal static class UserViews
{
    public static IQueryable<UserView> UserViewsOf(this HubDbContext db) =>
        from user in db.Users
        where user.DeletedAt == null
        join tier in db.Tiers on user.TierId equals tier.Id
        join account in db.UserAccounts on user.Id equals account.UserId into accounts
        from account in accounts.DefaultIfEmpty()
        select new UserView { User = user, Tier = tier, Account = account };

    /// <summary>The users with these ids, in their order. For many: their tiers, which are few, are read once and not with each of them.</summary>
    public static async Task<IReadOnlyList<UserView>> ReadUserViewsAsync(this HubDbContext db, IReadOnlyList<string> ids, CancellationToken cancellationToken)
    {
        var wanted = ids.ToList();
        var tiers = await db.Tiers.AsNoTracking().ToDictionaryAsync(t => t.Id, StringComparer.Ordinal, cancellationToken);
        var users = await db.Users.AsNoTracking().Where(u => EF.Parameter(wanted).Contains(u.Id)).ToDictionaryAsync(u => u.Id, StringComparer.Ordinal, cancellationToken);
        var accounts = await db.UserAccounts.AsNoTracking().Where(a => EF.Parameter(wanted).Contains(a.UserId)).ToDictionaryAsync(a => a.UserId, StringComparer.Ordinal, cancellationToken);
        return [.. ids.Where(users.ContainsKey).Select(id => new UserView { User = users[id], Tier = tiers[users[id].TierId], Account = accounts.GetValueOrDefault(id) })];
    }
}

/// <summary>Tier, as it is shown (section 2.1).</summary>
internal sealed record TierResponse(string Id, string Name, string? Description, bool IsFree, decimal Price, DateTime CreatedAt)
{
    public static TierResponse From(Tier tier) => new(tier.Id, tier.Name, tier.Description, tier.IsFree, Money.FromNanoUsd(tier.PriceNanoUsd).ToUsd(), tier.CreatedAt);
}

/// <summary>User, as it is shown: a superset of what the clients of the three systems read.</summary>
internal record UserResponse(
    string Id, string Email, string Username, string? Name, string? Phone, string Role, string TierId, TierResponse Tier, string? TeamId,
    bool IsActive, bool IsVerified, bool IsGuest, string FreeTierStatus, string? BillingMode, decimal Balance, UserLimitResponse UserLimit, UserSpendingResponse UserSpending,
    DateTime CreatedAt, DateTime UpdatedAt, DateTime? LastLoginAt)
{
    public static UserResponse From(UserView view)
    {
        var (user, account) = (view.User, view.Account);
        var balance = Money.FromNanoUsd(account?.BalanceNanoUsd ?? 0).ToUsd();
        var spent = Money.FromNanoUsd(account?.TotalSpentNanoUsd ?? 0).ToUsd();
        return new UserResponse(
            user.Id, user.Email, user.Username, user.Name, user.Phone, user.Role, user.TierId, TierResponse.From(view.Tier), user.TeamId,
            user.IsActive, user.IsVerified, user.IsGuest, view.Tier.IsFree ? user.FreeTierStatus : FreeTierStatuses.None, user.BillingMode, balance,
            new UserLimitResponse(user.Id, user.MonthlyTokenLimit, balance), new UserSpendingResponse(user.Id, spent, account?.UpdatedAt ?? user.CreatedAt),
            user.CreatedAt, user.UpdatedAt, user.LastLoginAt);
    }
}

/// <summary>The limits of a user.</summary>
internal sealed record UserLimitResponse(string UserId, long? MonthlyTokenLimit, decimal Balance);

/// <summary>What a user spent.</summary>
internal sealed record UserSpendingResponse(string UserId, decimal TotalSpent, DateTime UpdatedAt);

/// <summary>The caller: all members of the user, and once more under <c>user</c>, because one client reads the former and another the latter.</summary>
internal sealed record MeResponse : UserResponse
{
    private MeResponse(UserResponse user) : base(user) => User = user;

    public UserResponse User { get; }

    public static MeResponse Of(UserView view) => new(UserResponse.From(view));
}
