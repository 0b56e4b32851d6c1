namespace Gateway.Core.Pricing;

/// <summary>
/// Token classes that sums and metrics do not tell apart. The order is that of the sums; prompt groups stand before <see cref="Output"/>.
/// </summary>
public enum TokenGroup : byte
{
    /// <summary>Uncached text of prompts.</summary>
    Input,

    /// <summary>Read from caches.</summary>
    CacheRead,

    /// <summary>Written to caches, for any time.</summary>
    CacheWrite,

    /// <summary>Audio, images and video of prompts.</summary>
    InputMedia,

    /// <summary>Text of answers.</summary>
    Output,

    /// <summary>Thought and not said.</summary>
    Reasoning,

    /// <summary>Audio, images and video of answers.</summary>
    OutputMedia,
}
