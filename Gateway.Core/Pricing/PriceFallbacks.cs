namespace Gateway.Core.Pricing;

/// <summary>
/// Which prices were not stated and what stood in for them. The catalogue shows them, so that nobody is surprised by a bill.
/// </summary>
[Flags]
public enum PriceFallbacks
{
    None = 0,

    /// <summary>The service tier has no rate of its own: the default tier's is used.</summary>
    ServiceTierAsDefault = 1 << 0,

    /// <summary>The context band has no rate of its own: the next lower band's, at last the base rate, stays.</summary>
    BandAsBase = 1 << 1,
    CacheReadAsInput = 1 << 2,
    CacheWriteAsInput = 1 << 3,

    /// <summary>Writes for an hour or longer are priced like those for five minutes.</summary>
    LongCacheWriteAsCacheWrite = 1 << 4,
    ReasoningAsOutput = 1 << 5,

    /// <summary>Audio, image or video tokens sent are priced like text.</summary>
    InputMediaAsInput = 1 << 6,

    /// <summary>Audio, image or video tokens made are priced like text.</summary>
    OutputMediaAsOutput = 1 << 7,

    /// <summary>A model that only makes images: its text-or-untold output is priced like image tokens.</summary>
    OutputAsOutputImage = 1 << 8,

    /// <summary>An item is priced by a kindred item's rate (an image made by the rate per image sent, another search size, ...).</summary>
    ItemAsKindred = 1 << 9,

    /// <summary>Something used has no price at all and counts nothing.</summary>
    Unpriced = 1 << 10,
}
