using Gateway.Calls;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Limits.Bound;
using Gateway.Limits.Rates;

namespace Gateway.Realtime;

/// <summary>
/// The most that one response of a session can cost: it reads no more than the model's longest prompt, whatever the conversation holds, and
/// makes no more than its longest answer, each token of the dearest kind.
/// </summary>
internal static class RealtimeBound
{
    private const MediaClasses Media = MediaClasses.AllInput | MediaClasses.OutputAudio | MediaClasses.OutputImage;

    // Prices of these count what no limit of tokens bounds.
    private static readonly (PricedItem Item, string Name)[] Pieces =
    [
        (PricedItem.InputSecond, "seconds of sound"),
        (PricedItem.OutputSecond, "seconds of sound"),
        (PricedItem.ImageIn, "images by the piece"),
    ];

    private static readonly TokenEstimate NoTokens = TokenEstimate.Exactly(0);

    /// <summary>Of a session itself, which costs nothing: whether its responses have a bound.</summary>
    public static FixedBound OfSession(PolicyModel model) => OfResponse(model) with { Cost = Money.Zero };

    /// <summary>Of a response.</summary>
    public static FixedBound OfResponse(PolicyModel model)
    {
        if (model.IsFree)
        {
            return new FixedBound(Money.Zero, null, NoTokens);
        }
        if (model is not { MaxInputTokens: > 0 and var input, MaxOutputTokens: > 0 and var output })
        {
            return Without(Refusals.UnboundedSession(model.Name));
        }
        var usage = new UsageBound
        {
            PromptTokens = input,
            CompletionTokens = output,
            Media = Media,
            Tiers = ServiceTierSet.All,
        };
        if (!CostBound.IsPriced(model.Prices, usage))
        {
            return Without(Refusals.PriceUnknown(model.Name));
        }
        foreach (var (item, name) in Pieces)
        {
            if (model.Prices.DearestRate(item) is { PicoUsd: > 0 })
            {
                return Without(Refusals.ItemPriceUnbounded(model.Name, name));
            }
        }
        return new FixedBound(CostBound.Upper(model.Prices, usage), null, NoTokens);
    }

    private static FixedBound Without(Refusal refusal) => new(Money.Zero, refusal, NoTokens);
}
