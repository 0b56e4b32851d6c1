using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Catalogue;

/// <summary>What is to change of a model's config. A null rate goes back to what the upstream or the shipped list says.</summary>
internal sealed record ModelConfigUpdate(
    Sent<bool> IsFree,
    Sent<bool> IsEnabled,
    Sent<long?> ImageTokenBound,
    IReadOnlyDictionary<RateKey, Rate?> Rates
)
{
    /// <summary>Nothing.</summary>
    public static readonly ModelConfigUpdate Nothing = new(default, default, default, new Dictionary<RateKey, Rate?>());
}
