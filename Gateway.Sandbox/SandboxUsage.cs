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

    /// <summary>Completion tokens that are audio.</summary>
    public int AudioOutputTokens { get; init; }
}
