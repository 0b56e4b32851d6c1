using Gateway.Admin.Replies;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Accounts;

/// <summary>User, as it is shown: a superset of what the clients of the three systems read.</summary>
[Alias("user", "users")]
internal record UserResponse(
    string Id,
    string Email,
    string Username,
    string? Name,
    string? Phone,
    string Role,
    string TierId,
    TierResponse Tier,
    string? TeamId,
    bool IsActive,
    bool IsVerified,
    bool IsGuest,
    string FreeTierStatus,
    string? BillingMode,
    decimal Balance,
    UserLimitResponse UserLimit,
    UserSpendingResponse UserSpending,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    DateTime? LastLoginAt
)
{
    public static UserResponse From(UserView view)
    {
        var (user, account) = (view.User, view.Account);
        var balance = Money.UsdOf(account?.BalanceNanoUsd ?? 0);
        var spent = Money.UsdOf(account?.TotalSpentNanoUsd ?? 0);
        return new UserResponse(
            user.Id,
            user.Email,
            user.Username,
            user.Name,
            user.Phone,
            user.Role,
            user.TierId,
            TierResponse.From(view.Tier),
            user.TeamId,
            user.IsActive,
            user.IsVerified,
            user.IsGuest,
            view.Tier.IsFree ? user.FreeTierStatus : FreeTierStatuses.None,
            user.BillingMode,
            balance,
            new UserLimitResponse(user.Id, user.MonthlyTokenLimit, balance),
            new UserSpendingResponse(user.Id, spent, account?.UpdatedAt ?? user.CreatedAt),
            user.CreatedAt,
            user.UpdatedAt,
            user.LastLoginAt
        );
    }
}
