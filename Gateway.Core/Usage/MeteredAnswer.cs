using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>What the meter knows of one answer when it has ended.</summary>
public sealed record MeteredAnswer
{
    /// <summary>Null when <see cref="UsageSource"/> is <see cref="UsageSource.None"/>.</summary>
    public TokenUsage? Usage { get; init; }

    public UsageSource UsageSource { get; init; }

    /// <summary>The upstream reported a usage that cannot be true: a count in it is no whole number, or beyond all reason.</summary>
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

    /// <summary>What it brings that is no text; null for APIs of text.</summary>
    public AnswerThings? Things { get; init; }

    /// <summary>Where a response stands.</summary>
    public AnswerState State { get; init; }

    /// <summary>The answer is still being made: what it uses is known later.</summary>
    public bool IsPending { get; init; }

    /// <summary>The error inside the answer, if there was one.</summary>
    public AnswerError? Error { get; init; }
}
