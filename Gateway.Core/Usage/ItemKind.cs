namespace Gateway.Core.Usage;

/// <summary>The pieces that a call can use, as the ledger and the journal keep them. New ones go to the end.</summary>
public enum ItemKind : byte
{
    WebSearches,
    ImagesMade,
    ImagesIn,
    SearchUnits,
    Pages,
    InputCharacters,
    OutputCharacters,
    InputMilliseconds,
    OutputMilliseconds,
    InputPixels,
    OutputPixels,
}
