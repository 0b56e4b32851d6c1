using Gateway.Core.Configuration;

namespace Gateway.Answers;

/// <summary>Why an upstream's body ended.</summary>
internal enum UpstreamEnd
{
    /// <summary>Not yet.</summary>
    None,

    /// <summary>Properly.</summary>
    Complete,

    /// <summary>The connection broke.</summary>
    Broken,

    /// <summary>It was silent for longer than <see cref="AnswerOptions.UpstreamIdleTimeout"/>.</summary>
    Silent,

    /// <summary>We gave it up, because the client left.</summary>
    GivenUp,
}
