namespace Gateway.Core.Usage;

/// <summary>Where a response stands, as it says itself.</summary>
public enum AnswerState : byte
{
    /// <summary>It does not say.</summary>
    Unknown,

    /// <summary>Queued, or still being made.</summary>
    AtWork,

    /// <summary>It failed.</summary>
    Failed,

    /// <summary>It has ended, whole, cut or cancelled.</summary>
    Ended,
}
