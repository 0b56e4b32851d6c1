namespace Gateway.Core.Usage;

/// <summary>What a member of a usage object tells.</summary>
internal enum UsageField : byte
{
    None,
    Prompt,

    /// <summary>Prompt tokens that the prompt's own count leaves out.</summary>
    PromptBeside,
    Completion,

    /// <summary>Gemini's own form: answer tokens without the thoughts, and the thoughts.</summary>
    Candidates,
    Thoughts,
    Total,

    /// <summary>llama.cpp's timings: prompt tokens that were worked through, and those that were in its cache.</summary>
    Processed,
    Reused,
    CacheWrite,
    CacheWrite5m,
    CacheWrite1h,
    WebSearches,
    ImagesIn,
    InputSeconds,
    SearchUnits,
    Cost,
    ServiceTier,

    /// <summary>Objects with more members, see <see cref="UsagePlace"/>.</summary>
    PromptDetails,
    CompletionDetails,
    CacheWriteDetails,
    CachedDetails,
    ServerTools,
    BilledUnits,

    /// <summary>An object with the same members as the usage itself.</summary>
    Inner,

    /// <summary>From here on: the count of a <see cref="Pricing.TokenClass"/>, by its number.</summary>
    FirstClass,
}
