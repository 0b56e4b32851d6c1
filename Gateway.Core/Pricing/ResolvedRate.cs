namespace Gateway.Core.Pricing;

/// <summary>A rate with every fall-back taken; below zero when there is no price.</summary>
internal readonly record struct ResolvedRate(long PicoUsd, PriceFallbacks Fallbacks)
{
    public static readonly ResolvedRate Unpriced = new(-1, PriceFallbacks.Unpriced);

    public bool IsPriced => PicoUsd >= 0;
}
