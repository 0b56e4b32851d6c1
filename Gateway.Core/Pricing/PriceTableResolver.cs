namespace Gateway.Core.Pricing;

/// <summary>
/// Fills the holes of a price table. The context band is looked for first, because a long prompt is priced whole at its band: within the
/// band the service tier's rate, else the default tier's; a class the band does not name keeps the next lower band's rate, at last the
/// base rate. Only when a class has no rate anywhere along that way does its stand-in answer (reasoning: output; cache: input; ...).
/// </summary>
internal static class PriceTableResolver
{
    // A class whose stand-in may itself need one comes after it.
    private static readonly TokenClass[] ClassesWithStandIns =
    [
        .. Enum.GetValues<TokenClass>().Where(c => TokenClasses.Of(c).HasStandIn).OrderBy(StandInsBefore),
    ];

    private static readonly (PricedItem Item, PricedItem[] StandIns)[] ItemStandIns =
    [
        (PricedItem.Image, [PricedItem.ImageIn]), // public price lists name the price of an image made either way
        (PricedItem.SearchLow, [PricedItem.SearchMedium, PricedItem.SearchHigh]),
        (PricedItem.SearchMedium, [PricedItem.SearchHigh, PricedItem.SearchLow]),
        (PricedItem.SearchHigh, [PricedItem.SearchMedium, PricedItem.SearchLow]),
        (PricedItem.InputSecond, [PricedItem.InputAudioSecond, PricedItem.OutputSecond]),
        (PricedItem.InputAudioSecond, [PricedItem.InputSecond]),
    ];

    public static int RowIndex(int band, ServiceTier tier) => (band * ServiceTiers.Count) + (int)tier;

    /// <summary>The prompt sizes at which other rates begin, ascending, 0 (the base) first.</summary>
    public static long[] Thresholds(StatedRate[] stated)
    {
        var thresholds = new List<long> { 0 };
        foreach (var rate in stated)
        {
            if (!thresholds.Contains(rate.Key.AbovePromptTokens))
            {
                thresholds.Add(rate.Key.AbovePromptTokens);
            }
        }
        thresholds.Sort();
        return [.. thresholds];
    }

    public static ResolvedRate[] Resolve(StatedRate[] stated, long[] thresholds)
    {
        var rows = thresholds.Length * ServiceTiers.Count;
        var own = new ResolvedRate[rows * RateKey.SlotCount];
        Array.Fill(own, ResolvedRate.Unpriced);
        foreach (var (key, rate) in stated)
        {
            var row = RowIndex(Array.BinarySearch(thresholds, key.AbovePromptTokens), key.Tier);
            own[(row * RateKey.SlotCount) + key.Slot] = new(rate.PicoUsd, PriceFallbacks.None);
        }
        var resolved = new ResolvedRate[own.Length];
        for (var row = 0; row < rows; row++)
        {
            var target = resolved.AsSpan(row * RateKey.SlotCount, RateKey.SlotCount);
            for (var slot = 0; slot < target.Length; slot++)
            {
                target[slot] = AlongBands(own, row, slot);
            }
            FillStandIns(target);
        }
        return resolved;
    }

    // Text of answers and images of answers stand in for one another: text first.
    private static int StandInsBefore(TokenClass tokenClass)
    {
        var count = 0;
        while (tokenClass != TokenClass.Output && TokenClasses.Of(tokenClass) is { HasStandIn: true } facts)
        {
            (tokenClass, count) = (facts.StandIn, count + 1);
        }
        return count;
    }

    private static ResolvedRate AlongBands(ResolvedRate[] own, int row, int slot)
    {
        var (band, tier) = Math.DivRem(row, ServiceTiers.Count);
        var fallbacks = PriceFallbacks.None;
        for (; band >= 0; band--, fallbacks |= PriceFallbacks.BandAsBase)
        {
            var atTier = own[(RowIndex(band, (ServiceTier)tier) * RateKey.SlotCount) + slot];
            if (atTier.IsPriced)
            {
                return new(atTier.PicoUsd, fallbacks);
            }
            var atDefault = own[(RowIndex(band, ServiceTier.Default) * RateKey.SlotCount) + slot];
            if (atDefault.IsPriced)
            {
                return new(atDefault.PicoUsd, fallbacks | PriceFallbacks.ServiceTierAsDefault);
            }
        }
        return ResolvedRate.Unpriced;
    }

    private static void FillStandIns(Span<ResolvedRate> row)
    {
        foreach (var tokenClass in ClassesWithStandIns)
        {
            var facts = TokenClasses.Of(tokenClass);
            Fill(row, RateKey.SlotOf(tokenClass), RateKey.SlotOf(facts.StandIn), facts.Fallback);
        }
        var stated = row.ToArray(); // kindred items stand in for one another: only a stated one may
        foreach (var (item, standIns) in ItemStandIns)
        {
            foreach (var standIn in standIns)
            {
                if (stated[RateKey.SlotOf(standIn)].IsPriced)
                {
                    Fill(row, RateKey.SlotOf(item), RateKey.SlotOf(standIn), PriceFallbacks.ItemAsKindred);
                }
            }
        }
    }

    private static void Fill(Span<ResolvedRate> row, int slot, int standIn, PriceFallbacks fallback)
    {
        if (!row[slot].IsPriced && row[standIn].IsPriced)
        {
            row[slot] = new(row[standIn].PicoUsd, row[standIn].Fallbacks | fallback);
        }
    }
}
