using Gateway.Core.Pricing;

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

/// <summary>How an answer with status 200 ended.</summary>
public enum AnswerOutcome : byte
{
    /// <summary>There was content or usage, and the end was a proper one.</summary>
    Complete,
    /// <summary>An error frame or member, or neither content nor usage: no answer, whatever the status said.</summary>
    Failed,
    /// <summary>Something passed, but the end never came: no <c>[DONE]</c>, JSON that stops or breaks, a client that left.</summary>
    Truncated,
}

/// <summary>An error that came inside a 200 answer. Texts are cut at 1,024 characters; they are the upstream's and may name its insides.</summary>
public sealed record AnswerError(string? Message, string? Type, string? Code);

/// <summary>What the meter knows of one answer when it has ended.</summary>
public sealed record MeteredAnswer
{
    /// <summary>Null when <see cref="UsageSource"/> is <see cref="UsageSource.None"/>.</summary>
    public TokenUsage? Usage { get; init; }

    public UsageSource UsageSource { get; init; }

    /// <summary>The upstream reported a usage that is none: a count in it is no whole number, or beyond all reason.</summary>
    public bool IsUsageImpossible { get; init; }

    public AnswerOutcome Outcome { get; init; }

    /// <summary>The upstream's id of the answer (of a stream's first chunk that has one). Not unique: upstreams repeat ids.</summary>
    public string? AnswerId { get; init; }

    /// <summary>The model that the answer names, as the upstream wrote it.</summary>
    public string? AnswerModel { get; init; }

    /// <summary>Why its choices ended.</summary>
    public FinishReasons FinishReasons { get; init; }

    /// <summary>The tier the answer names, or null when it names none.</summary>
    public ServiceTier? ServiceTier { get; init; }

    /// <summary>
    /// <c>usage.cost</c> in the answer, if any. What it means differs: see <see cref="LiteLlmCost.Resolve"/>.
    /// </summary>
    public Money? UsageCost { get; init; }

    /// <summary>UTF-8 bytes of generated text that passed: texts, refusals, thoughts, tool names and arguments, unescaped.</summary>
    public long ContentBytes { get; init; }

    /// <summary>True when anything was generated, also what has no text (audio, images, vectors).</summary>
    public bool HasContent { get; init; }

    /// <summary>The error inside the answer, if there was one.</summary>
    public AnswerError? Error { get; init; }
}
