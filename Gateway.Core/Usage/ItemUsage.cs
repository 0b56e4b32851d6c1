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

    /// <summary>The count of a kind.</summary>
    public long this[ItemKind kind] =>
        kind switch
        {
            ItemKind.WebSearches => WebSearches,
            ItemKind.ImagesMade => ImagesMade,
            ItemKind.ImagesIn => ImagesIn,
            ItemKind.SearchUnits => SearchUnits,
            ItemKind.Pages => Pages,
            ItemKind.InputCharacters => InputCharacters,
            ItemKind.OutputCharacters => OutputCharacters,
            ItemKind.InputMilliseconds => InputMilliseconds,
            ItemKind.OutputMilliseconds => OutputMilliseconds,
            ItemKind.InputPixels => InputPixels,
            _ => OutputPixels,
        };

    /// <summary>The same with another count of a kind.</summary>
    public ItemUsage With(ItemKind kind, long count) =>
        kind switch
        {
            ItemKind.WebSearches => this with { WebSearches = count },
            ItemKind.ImagesMade => this with { ImagesMade = count },
            ItemKind.ImagesIn => this with { ImagesIn = count },
            ItemKind.SearchUnits => this with { SearchUnits = count },
            ItemKind.Pages => this with { Pages = count },
            ItemKind.InputCharacters => this with { InputCharacters = count },
            ItemKind.OutputCharacters => this with { OutputCharacters = count },
            ItemKind.InputMilliseconds => this with { InputMilliseconds = count },
            ItemKind.OutputMilliseconds => this with { OutputMilliseconds = count },
            ItemKind.InputPixels => this with { InputPixels = count },
            _ => this with { OutputPixels = count },
        };

    /// <summary>True when nothing was used by the piece.</summary>
    public bool IsNone => this == default || this == new ItemUsage { SearchContext = SearchContext };
}
