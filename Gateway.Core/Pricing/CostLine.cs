namespace Gateway.Core.Pricing;

/// <summary>One line of a call's price.</summary>
/// <param name="Name">What was used: a class of tokens or an item, as price tables name it.</param>
/// <param name="IsTokens">Whether it is counted in tokens; else by the piece or by the second.</param>
/// <param name="Count">How much of it.</param>
/// <param name="Rate">The price of one, fall-backs taken; null: it has none and counts nothing.</param>
/// <param name="Fallbacks">Which prices were not stated and what stood in for them.</param>
public readonly record struct CostLine(string Name, bool IsTokens, decimal Count, Rate? Rate, PriceFallbacks Fallbacks)
{
    /// <summary>Count times rate in USD, not rounded: only their sum is.</summary>
    public decimal Usd => (Rate?.ToUsd() ?? 0) * Count;

    internal static CostLine Of(int slot, long count, bool isInThousandths, in ResolvedRate rate) =>
        new(
            RateKey.NameOf(slot),
            slot < RateKey.ClassCount,
            isInThousandths ? count / 1000m : count,
            rate.IsPriced ? Pricing.Rate.FromPicoUsd(rate.PicoUsd) : null,
            rate.Fallbacks
        );
}
