using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>A usage object, understood.</summary>
/// <param name="Tokens">The counts in disjoint classes.</param>
/// <param name="ServiceTier">The tier named inside the usage, or null.</param>
/// <param name="Cost"><c>usage.cost</c>, or null.</param>
/// <param name="HasDetails">False when the prompt has no split at all: LiteLLM's sign that it counted a stream by itself.</param>
public readonly record struct ReportedUsage(TokenUsage Tokens, ServiceTier? ServiceTier, Money? Cost, bool HasDetails)
{
    /// <summary>Nothing was counted: with content in the answer this means "not reported".</summary>
    public bool IsZero => Tokens.IsZero;

    /// <summary>
    /// Its prompt or answer is not a whole number, or a count is above <see cref="TokenUsage.MaxCount"/>: whatever the others say, it is
    /// not a report.
    /// </summary>
    public bool IsImpossible { get; init; }
}
