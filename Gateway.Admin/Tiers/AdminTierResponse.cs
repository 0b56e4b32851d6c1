using Gateway.Admin.Replies;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Tiers;

/// <summary>Tier, as admins see it.</summary>
[Alias("tier", "tiers")]
internal sealed record AdminTierResponse(
    string Id,
    string Name,
    string? Description,
    bool IsFree,
    decimal Price,
    long? MaxOutputTokens,
    string? BillingMode,
    bool FailOpen,
    int UsersCount,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public AdminTierResponse(Tier tier, int usersCount)
        : this(
            tier.Id,
            tier.Name,
            tier.Description,
            tier.IsFree,
            Money.UsdOf(tier.PriceNanoUsd),
            tier.MaxOutputTokens,
            tier.BillingMode,
            tier.FailOpen,
            usersCount,
            tier.CreatedAt,
            tier.UpdatedAt
        ) { }
}
