using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// One model for all upstreams that offer one of its name. A call may go to any of them and costs what the model does, so its price is that
/// of the dearest, as that of several deployments is.
/// </summary>
internal static class OfferedModels
{
    public static UpstreamModel Combine(IEnumerable<UpstreamModel> offered)
    {
        var all = offered.ToList();
        if (all.Count == 1)
        {
            return all[0];
        }
        var inputs = all.ConvertAll(m => m.MaxInputTokens);
        var prices = DearestPrices.Of(all.ConvertAll(m => m.Prices));
        return all[0] with
        {
            Providers = [.. all.SelectMany(m => m.Providers).Distinct()],
            MaxInputTokens = inputs.Contains(null) ? null : inputs.Max(),
            MaxOutputTokens = all.Max(m => m.MaxOutputTokens),
            Supports = all.SelectMany(m => m.Supports).ToHashSet(),
            OpenAiParams = [.. all.SelectMany(m => m.OpenAiParams).Distinct()],
            Prices = prices,
            PriceSource =
                prices.IsEmpty || all.Exists(m => m.PriceSource == PriceSources.LiteLlm && !m.Prices.IsEmpty)
                    ? PriceSources.LiteLlm
                    : PriceSources.Shipped,
        };
    }
}
