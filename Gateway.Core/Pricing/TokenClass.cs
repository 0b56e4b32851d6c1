namespace Gateway.Core.Pricing;

/// <summary>
/// The disjoint kinds of token that have a price of their own. Prompt side: input (uncached text), cache reads and writes, audio, image
/// and video in. Answer side: output (text), reasoning, audio and image out. The last five are priced by some models but not told apart
/// in any usage report that reaches us; they are kept so that a price table stays whole.
/// </summary>
public enum TokenClass : byte
{
    Input,
    CacheRead,

    /// <summary>Written to the cache for 5 minutes, or for a time that was not said.</summary>
    CacheWrite,
    CacheWrite1h,
    InputAudio,
    InputImage,
    InputVideo,
    Output,
    Reasoning,
    OutputAudio,
    OutputImage,
    OutputVideo,
    CacheWrite12h,
    CacheReadAudio,
    CacheReadImage,
    CacheWriteAudio,
    Citation,
}
