namespace Gateway.Core.Configuration;

/// <summary>What happens to the upstream call when the client leaves before its end.</summary>
public enum DisconnectPolicy
{
    /// <summary>
    /// Streams are cancelled and estimated; plain calls are read to their end, because the upstream finishes them and is charged anyway.
    /// </summary>
    Auto,

    /// <summary>Every call is cancelled and estimated.</summary>
    Cancel,

    /// <summary>
    /// Every call is read to its end, within <see cref="AnswerOptions.DrainTimeout"/> and <see cref="AnswerOptions.DrainBytes"/>.
    /// </summary>
    Drain,
}
