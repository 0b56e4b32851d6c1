namespace Gateway.Core.Pricing;

/// <summary>Token classes beside text that a call can use; text, cache reads, cache writes and reasoning always can.</summary>
[Flags]
public enum MediaClasses : byte
{
    None = 0,
    InputAudio = 1 << 0,
    InputImage = 1 << 1,
    InputVideo = 1 << 2,
    OutputAudio = 1 << 3,
    OutputImage = 1 << 4,

    /// <summary>Content that the gateway cannot see may be any of them.</summary>
    AllInput = InputAudio | InputImage | InputVideo,
}

/// <summary>The service tiers that an answer can name.</summary>
[Flags]
public enum ServiceTierSet : byte
{
    None = 0,
    Default = 1 << ServiceTier.Default,
    Priority = 1 << ServiceTier.Priority,
    Flex = 1 << ServiceTier.Flex,
    Batch = 1 << ServiceTier.Batch,
    All = Default | Priority | Flex | Batch,
}

/// <summary>The most that a call can use, whichever way its tokens fall into classes.</summary>
public readonly record struct UsageBound
{
    /// <summary>The whole prompt, cached tokens included.</summary>
    public long PromptTokens { get; init; }

    /// <summary>The whole answer, reasoning included, over all choices.</summary>
    public long CompletionTokens { get; init; }

    /// <summary>The classes beside text that can occur.</summary>
    public MediaClasses Media { get; init; }

    /// <summary>The tiers that can decide the price.</summary>
    public ServiceTierSet Tiers { get; init; }

    /// <summary>Images sent, where they are priced by the piece.</summary>
    public long ImagesIn { get; init; }

    /// <summary>Web searches, at the dearest size.</summary>
    public long WebSearches { get; init; }
}
