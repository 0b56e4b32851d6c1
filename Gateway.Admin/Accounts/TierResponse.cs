using Gateway.Admin.Replies;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Accounts;

/// <summary>Tier, as it is shown.</summary>
[Alias("tier", "tiers")]
internal sealed record TierResponse(string Id, string Name, string? Description, bool IsFree, decimal Price, DateTime CreatedAt)
{
    public static TierResponse From(Tier tier) =>
        new(tier.Id, tier.Name, tier.Description, tier.IsFree, Money.UsdOf(tier.PriceNanoUsd), tier.CreatedAt);
}
