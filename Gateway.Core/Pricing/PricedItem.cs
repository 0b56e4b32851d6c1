namespace Gateway.Core.Pricing;

/// <summary>What is priced by the piece, not by the token.</summary>
public enum PricedItem : byte
{
    /// <summary>One image made.</summary>
    Image,

    /// <summary>One image sent.</summary>
    ImageIn,

    /// <summary>One search unit (rerank).</summary>
    Query,

    /// <summary>One call.</summary>
    Request,

    /// <summary>One web search with a small context.</summary>
    SearchLow,
    SearchMedium,
    SearchHigh,

    /// <summary>One second of audio or video sent.</summary>
    InputSecond,
    OutputSecond,

    /// <summary>One second of audio inside a prompt.</summary>
    InputAudioSecond,
    InputCharacter,
    OutputCharacter,

    /// <summary>One page read (OCR).</summary>
    Page,
    InputPixel,
    OutputPixel,
}
