namespace Gateway.Core.Usage;

/// <summary>What a call used by the piece rather than by the token.</summary>
public readonly record struct ItemUsage
{
    public long WebSearches { get; init; }

    public SearchContextSize SearchContext { get; init; }

    /// <summary>Images made. Priced by the piece only when the answer counts no tokens.</summary>
    public long ImagesMade { get; init; }

    /// <summary>Images sent, where the provider counts them as pieces.</summary>
    public long ImagesIn { get; init; }

    /// <summary>Search units of a rerank call.</summary>
    public long SearchUnits { get; init; }

    public long Pages { get; init; }

    public long InputCharacters { get; init; }

    public long OutputCharacters { get; init; }

    /// <summary>Length of the audio or video sent, in milliseconds (priced by the second, not rounded).</summary>
    public long InputMilliseconds { get; init; }

    /// <summary>Length of the audio or video made, in milliseconds.</summary>
    public long OutputMilliseconds { get; init; }

    public long InputPixels { get; init; }

    public long OutputPixels { get; init; }

    /// <summary>True when nothing was used by the piece.</summary>
    public bool IsNone => this == default || this == new ItemUsage { SearchContext = SearchContext };
}
