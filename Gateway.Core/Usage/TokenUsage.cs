namespace Gateway.Core.Usage;

/// <summary>
/// What one call used, in disjoint classes: every token is counted once, so that usage times price is a plain sum. Counts are never
/// negative when they come from our readers, and at most <see cref="MaxCount"/>.
/// </summary>
public readonly record struct TokenUsage
{
    /// <summary>More than this of anything in one call is a broken report and is cut to this.</summary>
    public const long MaxCount = 1L << 48;

    /// <summary>Prompt tokens that are text and were not in the cache.</summary>
    public long Input { get; init; }

    /// <summary>Prompt tokens read from the provider's cache.</summary>
    public long CacheRead { get; init; }

    /// <summary>Prompt tokens written to the cache for 5 minutes, or for a time that was not said.</summary>
    public long CacheWrite { get; init; }

    /// <summary>Prompt tokens written to the cache for an hour.</summary>
    public long CacheWrite1h { get; init; }

    public long InputAudio { get; init; }

    public long InputImage { get; init; }

    public long InputVideo { get; init; }

    /// <summary>Answer tokens that are text.</summary>
    public long Output { get; init; }

    /// <summary>Answer tokens that the model thought and did not say.</summary>
    public long Reasoning { get; init; }

    public long OutputAudio { get; init; }

    public long OutputImage { get; init; }

    /// <summary>What was used by the piece.</summary>
    public ItemUsage Items { get; init; }

    /// <summary>The whole prompt, cached tokens included: this number chooses the context band.</summary>
    public long PromptTokens => Input + CacheRead + CacheWrite + CacheWrite1h + InputAudio + InputImage + InputVideo;

    /// <summary>The whole answer, reasoning included.</summary>
    public long CompletionTokens => Output + Reasoning + OutputAudio + OutputImage;

    /// <summary>Prompt and answer.</summary>
    public long TotalTokens => PromptTokens + CompletionTokens;

    /// <summary>True when nothing at all was counted.</summary>
    public bool IsZero => TotalTokens == 0 && Items.IsNone;

    /// <summary>A usage of plain text.</summary>
    public static TokenUsage OfText(long input, long output) => new() { Input = input, Output = output };
}
