using Gateway.Core.Policy;
using Gateway.Core.Pricing;

namespace Gateway.Apis.Models;

/// <summary>
/// The base prices of a model in USD for each token or piece, as decimal texts: of the default service tier, for a short prompt. Null: no
/// price is known, and what stands in for it is charged.
/// </summary>
/// <param name="Prompt">A token of the prompt.</param>
/// <param name="Completion">A token of the answer.</param>
/// <param name="InputCacheRead">A token read from the cache.</param>
/// <param name="InputCacheWrite">A token written to the cache.</param>
/// <param name="InternalReasoning">A token of reasoning.</param>
/// <param name="Image">An image sent.</param>
/// <param name="WebSearch">A search.</param>
/// <param name="Request">A call.</param>
internal sealed record ModelPricing(
    string? Prompt,
    string? Completion,
    string? InputCacheRead,
    string? InputCacheWrite,
    string? InternalReasoning,
    string? Image,
    string? WebSearch,
    string? Request
)
{
    /// <summary>The prices; null when none is known.</summary>
    public static ModelPricing? Of(PolicyModel model)
    {
        if (model.IsFree)
        {
            return new ModelPricing("0", "0", null, null, null, null, null, null);
        }
        return model.Prices.IsEmpty
            ? null
            : new ModelPricing(
                Stated(model, RateKey.For(TokenClass.Input)),
                Stated(model, RateKey.For(TokenClass.Output)),
                Stated(model, RateKey.For(TokenClass.CacheRead)),
                Stated(model, RateKey.For(TokenClass.CacheWrite)),
                Stated(model, RateKey.For(TokenClass.Reasoning)),
                Stated(model, RateKey.For(PricedItem.ImageIn)),
                Stated(model, RateKey.For(PricedItem.SearchMedium)),
                Stated(model, RateKey.For(PricedItem.Request))
            );
    }

    private static string? Stated(PolicyModel model, RateKey key)
    {
        foreach (var rate in model.Prices.Stated)
        {
            if (rate.Key == key)
            {
                return rate.Rate.ToString();
            }
        }
        return null;
    }
}
