using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Tiers;

/// <summary>What the check on demand answers: USD.</summary>
internal sealed record TierCheckResponse(
    bool Success,
    string Message,
    bool Upgraded,
    Accounts.TierResponse PreviousTier,
    Accounts.TierResponse Tier,
    decimal TotalSpent,
    Accounts.TierResponse? NextTier,
    decimal AmountToNext
)
{
    public static TierCheckResponse From(Tier before, Tier after, long spentNanoUsd, Tier? next) =>
        new(
            true,
            "Tier check completed",
            before.Id != after.Id,
            Accounts.TierResponse.From(before),
            Accounts.TierResponse.From(after),
            Money.UsdOf(spentNanoUsd),
            next is null ? null : Accounts.TierResponse.From(next),
            next is null ? 0 : Money.UsdOf(next.PriceNanoUsd - spentNanoUsd)
        );
}
