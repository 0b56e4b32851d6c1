using Gateway.Admin.Accounts;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Billing;

/// <summary>A user's money, USD.</summary>
internal sealed record BalanceResponse(string UserId, decimal Balance, string Currency, decimal TotalSpent, DateTime UpdatedAt)
{
    public static BalanceResponse From(UserView view) =>
        new(
            view.User.Id,
            Money.UsdOf(view.Account?.BalanceNanoUsd ?? 0),
            "USD",
            Money.UsdOf(view.Account?.TotalSpentNanoUsd ?? 0),
            view.Account?.UpdatedAt ?? view.User.CreatedAt
        );
}
