namespace Gateway.Sandbox;

/// <summary>
/// Tokens of one call, in LiteLLM's counting: <see cref="PromptTokens"/> includes cached, cache-write, audio and image tokens,
/// <see cref="CompletionTokens"/> includes reasoning and audio tokens.
/// </summary>
public readonly record struct SandboxUsage(int PromptTokens, int CompletionTokens)
{
    /// <summary>Prompt tokens read from the provider's cache.</summary>
    public int CachedTokens { get; init; }

    /// <summary>Prompt tokens written to the provider's cache, for both lifetimes.</summary>
    public int CacheCreationTokens { get; init; }

    /// <summary>The part of <see cref="CacheCreationTokens"/> written for one hour; the rest is for five minutes.</summary>
    public int CacheCreationOneHourTokens { get; init; }

    /// <summary>Prompt tokens that are audio.</summary>
    public int AudioInputTokens { get; init; }

    /// <summary>Prompt tokens that are images.</summary>
    public int ImageTokens { get; init; }

    /// <summary>Completion tokens spent on reasoning, visible or not.</summary>
    public int ReasoningTokens { get; init; }

    /// <summary>Seconds of sound that was heard, where it is priced by them.</summary>
    public double Seconds { get; init; }

    /// <summary>Characters that were spoken, where they are priced.</summary>
    public int Characters { get; init; }

    /// <summary>Pictures made, where they are priced by the piece.</summary>
    public int ImagesMade { get; init; }

    /// <summary>Search units of a rerank.</summary>
    public int SearchUnits { get; init; }

    /// <summary>Completion tokens that are audio.</summary>
    public int AudioOutputTokens { get; init; }
}
