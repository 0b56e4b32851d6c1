using Gateway.Core.Usage;

namespace Gateway.Core.Pricing;

/// <summary>Usage times price. Exact in 128-bit integers, rounded once; never throws, never allocates.</summary>
public static class CostCalculator
{
    /// <summary>
    /// What a call costs at these prices. The service tier is the one that the answer names; the context band follows from the whole
    /// prompt, cached tokens included. A cost beyond <see cref="Money.MaxValue"/> is held there.
    /// </summary>
    public static CallCost Cost(PriceTable prices, in TokenUsage usage, ServiceTier tier) => Cost(prices, usage, tier, lines: null);

    /// <summary>The same, line by line: what was used, the rate that holds for it, and their product.</summary>
    public static (CallCost Cost, IReadOnlyList<CostLine> Lines) Explain(PriceTable prices, in TokenUsage usage, ServiceTier tier)
    {
        List<CostLine> lines = [];
        return (Cost(prices, usage, tier, lines), lines);
    }

    private static CallCost Cost(PriceTable prices, in TokenUsage usage, ServiceTier tier, List<CostLine>? lines)
    {
        var row = prices.Row(tier, usage.PromptTokens);
        var input = new Sum(row, lines);
        foreach (var tokenClass in TokenClasses.OfPrompt)
        {
            input.Add(tokenClass, usage[tokenClass]);
        }
        var output = new Sum(row, lines);
        foreach (var tokenClass in TokenClasses.OfAnswer)
        {
            output.Add(tokenClass, usage[tokenClass]);
        }
        if (row[RateKey.SlotOf(PricedItem.Request)].IsPriced)
        {
            input.Add(PricedItem.Request, 1);
        }
        if (!usage.Items.IsNone)
        {
            AddItems(usage, ref input, ref output);
        }
        return new(ToMoney(input.FemtoUsd + output.FemtoUsd), ToMoney(output.FemtoUsd), input.Fallbacks | output.Fallbacks);
    }

    private static void AddItems(in TokenUsage usage, ref Sum input, ref Sum output)
    {
        var items = usage.Items;
        input.Add(
            items.SearchContext switch
            {
                SearchContextSize.Low => PricedItem.SearchLow,
                SearchContextSize.High => PricedItem.SearchHigh,
                _ => PricedItem.SearchMedium,
            },
            items.WebSearches
        );
        input.Add(PricedItem.ImageIn, items.ImagesIn);
        input.Add(PricedItem.Query, items.SearchUnits);
        input.Add(PricedItem.InputCharacter, items.InputCharacters);
        input.Add(PricedItem.Page, items.Pages);
        input.Add(PricedItem.InputPixel, items.InputPixels);
        input.AddMilliseconds(PricedItem.InputSecond, items.InputMilliseconds);
        output.Add(PricedItem.OutputCharacter, items.OutputCharacters);
        output.Add(PricedItem.OutputPixel, items.OutputPixels);
        output.AddMilliseconds(PricedItem.OutputSecond, items.OutputMilliseconds);
        if (usage.CompletionTokens == 0)
        {
            AddImages(items, ref output); // a model with image tokens is priced by those, not by the piece as well
        }
    }

    /// <summary>What pieces cost at most in a row, in femto-dollars, whether or not the answer counts tokens too.</summary>
    internal static Int128 ItemFemtoUsd(ReadOnlySpan<ResolvedRate> row, in ItemUsage items)
    {
        var input = new Sum(row);
        var output = new Sum(row);
        AddItems(new TokenUsage { Items = items }, ref input, ref output);
        return input.FemtoUsd + output.FemtoUsd;
    }

    // By the piece, else by the pixel. Of pictures made some lists state the price where others have that of pictures sent.
    private static void AddImages(in ItemUsage items, ref Sum output)
    {
        if (output.IsPriced(PricedItem.Image))
        {
            output.Add(PricedItem.Image, items.ImagesMade);
        }
        else if (output.IsPriced(PricedItem.ImageIn))
        {
            output.Add(PricedItem.ImageIn, items.ImagesMade);
        }
        else if (items.ImagesMade > 0)
        {
            output.Add(PricedItem.InputPixel, items.OutputPixels);
        }
    }

    private static Money ToMoney(Int128 femtoUsd)
    {
        const int FemtoPerNano = 1_000_000;
        var nanoUsd = (femtoUsd + (FemtoPerNano / 2)) / FemtoPerNano;
        return nanoUsd > long.MaxValue ? Money.MaxValue : Money.FromNanoUsd((long)nanoUsd);
    }

    /// <summary>
    /// Adds up in femto-dollars (1e-15), because times come in milliseconds. Rates are below 2^60 and counts are held below 2^48, so that
    /// even with all summands the sum stays far below 2^127.
    /// </summary>
    private ref struct Sum(ReadOnlySpan<ResolvedRate> row, List<CostLine>? lines = null)
    {
        private const int FemtoPerPico = 1000;
        private readonly ReadOnlySpan<ResolvedRate> _row = row;
        private readonly List<CostLine>? _lines = lines;

        public Int128 FemtoUsd { get; private set; }

        public PriceFallbacks Fallbacks { get; private set; }

        public bool IsPriced(PricedItem item) => _row[RateKey.SlotOf(item)].IsPriced;

        public void Add(TokenClass tokenClass, long count) => Add(RateKey.SlotOf(tokenClass), count, FemtoPerPico);

        public void Add(PricedItem item, long count) => Add(RateKey.SlotOf(item), count, FemtoPerPico);

        public void AddMilliseconds(PricedItem item, long count) => Add(RateKey.SlotOf(item), count, 1);

        private void Add(int slot, long count, int factor)
        {
            if (count <= 0)
            {
                return;
            }
            var rate = _row[slot];
            Fallbacks |= rate.Fallbacks;
            _lines?.Add(CostLine.Of(slot, count, isInThousandths: factor == 1, rate));
            if (rate.IsPriced)
            {
                FemtoUsd += (Int128)rate.PicoUsd * Math.Min(count, TokenUsage.MaxCount) * factor;
            }
        }
    }
}
