namespace Gateway.Core.Usage;

/// <summary>Where the counts of an answer come from.</summary>
public enum UsageSource : byte
{
    /// <summary>Nothing was used: the call failed before any content.</summary>
    None,

    /// <summary>The upstream said so.</summary>
    Reported,

    /// <summary>From the bytes that passed, because the upstream said nothing, or zero for an answer with content.</summary>
    Estimated,
}
