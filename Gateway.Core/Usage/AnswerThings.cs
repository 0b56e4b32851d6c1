namespace Gateway.Core.Usage;

/// <summary>What an answer brings that is no text.</summary>
public sealed record AnswerThings
{
    /// <summary>Things in the lists of the answer: pictures, ranks, verdicts, vectors.</summary>
    public long Pieces { get; init; }

    /// <summary>Bytes of generated sound that passed: in base64 within events, else as they are.</summary>
    public long SoundBytes { get; init; }

    /// <summary>The size of the pictures, as the answer names it.</summary>
    public string? ImageSize { get; init; }

    /// <summary>The quality of the pictures, as the answer names it.</summary>
    public string? ImageQuality { get; init; }
}
