using Gateway.Core.Usage;

namespace Gateway.Core.Pricing;

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

    /// <summary>What else can be used by the piece.</summary>
    public ItemUsage Items { get; init; }
}
