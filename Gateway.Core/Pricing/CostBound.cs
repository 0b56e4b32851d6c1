using Gateway.Core.Usage;

namespace Gateway.Core.Pricing;

/// <summary>
/// The most that a call can cost: <see cref="CostCalculator.Cost"/> of any usage within a <see cref="UsageBound"/> is never above it. A
/// call is priced by one row of the table (service tier and context band), so the bound is the dearest of the rows that can apply, each
/// with its own dearest class. Exact in 128-bit integers and rounded up; never throws, never allocates.
/// </summary>
public static class CostBound
{
    /// <summary>A count above this is cut to it: more than all classes of a broken report together, and far from overflow.</summary>
    public const long MaxTokens = 1L << 52;

    private const int FemtoPerPico = 1000;
    private const int FemtoPerNano = 1_000_000;

    private static readonly (TokenClass, MediaClasses)[] PromptClasses = ClassesOf(isPrompt: true);
    private static readonly (TokenClass, MediaClasses)[] AnswerClasses = ClassesOf(isPrompt: false);

    /// <summary>
    /// The upper bound of the cost, at most <see cref="Money.MaxValue"/>. What has no price counts nothing: ask <see cref="IsPriced"/>
    /// first.
    /// </summary>
    public static Money Upper(PriceTable prices, in UsageBound usage)
    {
        Int128 dearest = 0;
        for (var band = prices.BandOf(usage.PromptTokens); band >= 0; band--)
        {
            for (var tier = 0; tier < ServiceTiers.Count; tier++)
            {
                if (Contains(usage.Tiers, tier))
                {
                    var row = prices.RowAt(band, (ServiceTier)tier);
                    dearest = Int128.Max(
                        dearest,
                        FixedFemtoUsd(row, usage) + ((Int128)OutputRate(row, usage.Media) * Cut(usage.CompletionTokens) * FemtoPerPico)
                    );
                }
            }
        }
        var nanoUsd = (dearest + FemtoPerNano - 1) / FemtoPerNano;
        return nanoUsd > long.MaxValue ? Money.MaxValue : Money.FromNanoUsd((long)nanoUsd);
    }

    /// <summary>
    /// The most answer tokens with which <see cref="Upper"/> stays within <paramref name="money"/>, whatever
    /// <see cref="UsageBound.CompletionTokens"/> says; at most <see cref="MaxTokens"/>. Null when the money does not even cover the prompt.
    /// </summary>
    public static long? CompletionTokensWithin(PriceTable prices, in UsageBound usage, Money money)
    {
        var tokens = MaxTokens;
        for (var band = prices.BandOf(usage.PromptTokens); band >= 0; band--)
        {
            for (var tier = 0; tier < ServiceTiers.Count; tier++)
            {
                if (!Contains(usage.Tiers, tier))
                {
                    continue;
                }
                var row = prices.RowAt(band, (ServiceTier)tier);
                var left = ((Int128)money.NanoUsd * FemtoPerNano) - FixedFemtoUsd(row, usage);
                if (left < 0)
                {
                    return null;
                }
                var rate = OutputRate(row, usage.Media);
                if (rate > 0)
                {
                    tokens = (long)Int128.Min(tokens, left / ((Int128)rate * FemtoPerPico));
                }
            }
        }
        return tokens;
    }

    /// <summary>
    /// True when in every row that can apply there is a price of what the call uses by the piece, or of prompt tokens and of answer tokens
    /// where there can be any.
    /// </summary>
    public static bool IsPriced(PriceTable prices, in UsageBound usage)
    {
        for (var band = prices.BandOf(usage.PromptTokens); band >= 0; band--)
        {
            for (var tier = 0; tier < ServiceTiers.Count; tier++)
            {
                var row = prices.RowAt(band, (ServiceTier)tier);
                if (
                    Contains(usage.Tiers, tier)
                    && !HasPricedItem(row, usage.Items)
                    && (
                        !row[RateKey.SlotOf(TokenClass.Input)].IsPriced
                        || (usage.CompletionTokens > 0 && !row[RateKey.SlotOf(TokenClass.Output)].IsPriced)
                    )
                )
                {
                    return false;
                }
            }
        }
        return true;
    }

    private static (TokenClass, MediaClasses)[] ClassesOf(bool isPrompt) =>
        [.. TokenClasses.All.Where(c => TokenClasses.IsOfPrompt(c) == isPrompt).Select(c => (c, TokenClasses.Of(c).Media))];

    /// <summary>Whether any token of a prompt costs anything in any row.</summary>
    public static bool PricesPrompts(PriceTable prices) => HasRate(prices, PromptClasses);

    /// <summary>Whether any token of an answer costs anything in any row.</summary>
    public static bool PricesAnswers(PriceTable prices) => HasRate(prices, AnswerClasses);

    private static bool HasRate(PriceTable prices, (TokenClass Class, MediaClasses Media)[] classes)
    {
        foreach (var (tokenClass, _) in classes)
        {
            if (prices.DearestRate(tokenClass) is { PicoUsd: > 0 })
            {
                return true;
            }
        }
        return false;
    }

    private static bool HasPricedItem(ReadOnlySpan<ResolvedRate> row, in ItemUsage items) =>
        (items.SearchUnits > 0 && row[RateKey.SlotOf(PricedItem.Query)].IsPriced)
        || (items.InputCharacters > 0 && row[RateKey.SlotOf(PricedItem.InputCharacter)].IsPriced)
        || (items.InputMilliseconds > 0 && row[RateKey.SlotOf(PricedItem.InputSecond)].IsPriced)
        || (
            items.ImagesMade > 0
            && (
                row[RateKey.SlotOf(PricedItem.Image)].IsPriced
                || row[RateKey.SlotOf(PricedItem.ImageIn)].IsPriced
                || row[RateKey.SlotOf(PricedItem.InputPixel)].IsPriced
            )
        );

    private static bool Contains(ServiceTierSet tiers, int tier) => ((int)tiers & (1 << tier)) != 0;

    private static long Cut(long count) => Math.Clamp(count, 0, MaxTokens);

    // What a call costs in a row before it has answered.
    private static Int128 FixedFemtoUsd(ReadOnlySpan<ResolvedRate> row, in UsageBound usage)
    {
        var sum = (Int128)InputRate(row, usage.Media) * Cut(usage.PromptTokens);
        sum += RateOf(row, PricedItem.Request);
        if (usage.ImagesIn > 0)
        {
            sum += (Int128)RateOf(row, PricedItem.ImageIn) * Cut(usage.ImagesIn);
        }
        if (usage.WebSearches > 0)
        {
            var rate = Math.Max(
                RateOf(row, PricedItem.SearchMedium),
                Math.Max(RateOf(row, PricedItem.SearchLow), RateOf(row, PricedItem.SearchHigh))
            );
            sum += (Int128)rate * Cut(usage.WebSearches);
        }
        sum *= FemtoPerPico;
        return usage.Items.IsNone ? sum : sum + CostCalculator.ItemFemtoUsd(row, usage.Items);
    }

    private static long InputRate(ReadOnlySpan<ResolvedRate> row, MediaClasses media) => DearestRate(row, PromptClasses, media);

    private static long OutputRate(ReadOnlySpan<ResolvedRate> row, MediaClasses media) => DearestRate(row, AnswerClasses, media);

    private static long DearestRate(
        ReadOnlySpan<ResolvedRate> row,
        ReadOnlySpan<(TokenClass Class, MediaClasses Media)> classes,
        MediaClasses media
    )
    {
        var dearest = 0L;
        foreach (var (tokenClass, needed) in classes)
        {
            if ((needed & media) == needed)
            {
                dearest = Math.Max(dearest, RateOf(row, tokenClass));
            }
        }
        return dearest;
    }

    // Below zero means unpriced, which costs nothing.
    private static long RateOf(ReadOnlySpan<ResolvedRate> row, TokenClass tokenClass) =>
        Math.Max(0, row[RateKey.SlotOf(tokenClass)].PicoUsd);

    private static long RateOf(ReadOnlySpan<ResolvedRate> row, PricedItem item) => Math.Max(0, row[RateKey.SlotOf(item)].PicoUsd);
}
