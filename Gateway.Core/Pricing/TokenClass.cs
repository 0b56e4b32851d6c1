namespace Gateway.Core.Pricing;

/// <summary>
/// The disjoint kinds of token that have a price of their own. A class is added here, and in <see cref="Usage.UsageNames"/> if providers
/// report it. The last ones are priced by some models but not told apart in any usage report that reaches us; they are kept so that a
/// price table stays whole.
/// </summary>
public enum TokenClass : byte
{
    /// <summary>Text of the prompt that was not in a cache.</summary>
    [TokenClass("input", TokenGroup.Input, "input_cost_per_token")]
    Input,

    /// <summary>Read from the provider's cache.</summary>
    [TokenClass(
        "cache_read",
        TokenGroup.CacheRead,
        "cache_read_input_token_cost",
        StandIn = Input,
        Fallback = PriceFallbacks.CacheReadAsInput
    )]
    CacheRead,

    /// <summary>Written to the cache for 5 minutes, or for a time that was not said.</summary>
    [TokenClass(
        "cache_write",
        TokenGroup.CacheWrite,
        "cache_creation_input_token_cost",
        StandIn = Input,
        Fallback = PriceFallbacks.CacheWriteAsInput
    )]
    CacheWrite,

    /// <summary>Written to the cache for an hour.</summary>
    [TokenClass(
        "cache_write_1h",
        TokenGroup.CacheWrite,
        "cache_creation_input_token_cost_above_1hr",
        StandIn = CacheWrite,
        Fallback = PriceFallbacks.LongCacheWriteAsCacheWrite
    )]
    CacheWrite1h,

    /// <summary>Audio of the prompt.</summary>
    [TokenClass(
        "input_audio",
        TokenGroup.InputMedia,
        "input_cost_per_audio_token",
        StandIn = Input,
        Fallback = PriceFallbacks.InputMediaAsInput,
        Media = MediaClasses.InputAudio
    )]
    InputAudio,

    /// <summary>Images of the prompt.</summary>
    [TokenClass(
        "input_image",
        TokenGroup.InputMedia,
        "input_cost_per_image_token",
        StandIn = Input,
        Fallback = PriceFallbacks.InputMediaAsInput,
        Media = MediaClasses.InputImage
    )]
    InputImage,

    /// <summary>Video of the prompt.</summary>
    [TokenClass(
        "input_video",
        TokenGroup.InputMedia,
        "input_cost_per_video_token",
        StandIn = Input,
        Fallback = PriceFallbacks.InputMediaAsInput,
        Media = MediaClasses.InputVideo
    )]
    InputVideo,

    /// <summary>Text of the answer.</summary>
    [TokenClass("output", TokenGroup.Output, "output_cost_per_token", StandIn = OutputImage, Fallback = PriceFallbacks.OutputAsOutputImage)]
    Output,

    /// <summary>Thought and not said.</summary>
    [TokenClass(
        "reasoning",
        TokenGroup.Reasoning,
        "output_cost_per_reasoning_token",
        StandIn = Output,
        Fallback = PriceFallbacks.ReasoningAsOutput
    )]
    Reasoning,

    /// <summary>Audio of the answer.</summary>
    [TokenClass(
        "output_audio",
        TokenGroup.OutputMedia,
        "output_cost_per_audio_token",
        StandIn = Output,
        Fallback = PriceFallbacks.OutputMediaAsOutput,
        Media = MediaClasses.OutputAudio
    )]
    OutputAudio,

    /// <summary>Images of the answer.</summary>
    [TokenClass(
        "output_image",
        TokenGroup.OutputMedia,
        "output_cost_per_image_token",
        StandIn = Output,
        Fallback = PriceFallbacks.OutputMediaAsOutput,
        Media = MediaClasses.OutputImage
    )]
    OutputImage,

    /// <summary>Audio read from the cache.</summary>
    [TokenClass(
        "cache_read_audio",
        TokenGroup.CacheRead,
        "cache_read_input_audio_token_cost",
        StandIn = CacheRead,
        Fallback = PriceFallbacks.InputMediaAsInput,
        Media = MediaClasses.InputAudio
    )]
    CacheReadAudio,

    /// <summary>Images read from the cache.</summary>
    [TokenClass(
        "cache_read_image",
        TokenGroup.CacheRead,
        "cache_read_input_image_token_cost",
        StandIn = CacheRead,
        Fallback = PriceFallbacks.InputMediaAsInput,
        Media = MediaClasses.InputImage
    )]
    CacheReadImage,

    /// <summary>Video of the answer; the first class that is priced and not counted.</summary>
    [TokenClass(
        "output_video",
        TokenGroup.OutputMedia,
        "output_cost_per_video_token",
        StandIn = Output,
        Fallback = PriceFallbacks.OutputMediaAsOutput
    )]
    OutputVideo,

    /// <summary>Written to the cache for twelve hours.</summary>
    [TokenClass(
        "cache_write_12h",
        TokenGroup.CacheWrite,
        "cache_creation_input_token_cost_above_12hr",
        StandIn = CacheWrite,
        Fallback = PriceFallbacks.LongCacheWriteAsCacheWrite
    )]
    CacheWrite12h,

    /// <summary>Audio written to the cache.</summary>
    [TokenClass(
        "cache_write_audio",
        TokenGroup.CacheWrite,
        "cache_creation_input_audio_token_cost",
        StandIn = CacheWrite,
        Fallback = PriceFallbacks.InputMediaAsInput
    )]
    CacheWriteAudio,

    /// <summary>Tokens of citations.</summary>
    [TokenClass("citation", TokenGroup.OutputMedia, "citation_cost_per_token")]
    Citation,
}
