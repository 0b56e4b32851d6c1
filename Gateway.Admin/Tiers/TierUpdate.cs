using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Tiers;

/// <summary>What is to be of a tier.</summary>
internal sealed record TierUpdate(
    Sent<string> Name,
    Sent<string?> Description,
    Sent<bool> IsFree,
    Sent<Money> Price,
    Sent<long?> MaxOutputTokens,
    Sent<string?> BillingMode,
    Sent<bool> FailOpen
);
