namespace Gateway.Core.Pricing;

/// <summary>What LiteLLM says a call cost. Stored beside our charge, never charged.</summary>
public static class LiteLlmCost
{
    /// <summary>
    /// Reads <c>x-litellm-response-cost</c> or <c>usage.cost</c>: a Python float (<c>5.1e-05</c>). Null for no text, no number, or a
    /// negative one.
    /// </summary>
    public static Money? Parse(ReadOnlySpan<char> text) => Money.TryParse(text.Trim(), out var cost) && cost >= Money.Zero ? cost : null;

    /// <inheritdoc cref="Parse(ReadOnlySpan{char})"/>
    public static Money? Parse(ReadOnlySpan<byte> text) =>
        Money.TryParse(text.Trim(" \t"u8), out var cost) && cost >= Money.Zero ? cost : null;

    /// <summary>
    /// The figure to trust. Plain answers: the header; their <c>usage.cost</c> may be the provider's own. Streams: <c>usage.cost</c>, since
    /// a header cannot know (1.81 sends a wrong one) - except on a cache hit, where it is the first call's and the truth is nothing.
    /// </summary>
    /// <param name="header"><c>x-litellm-response-cost</c>, or null.</param>
    /// <param name="isCacheHit">Whether <c>x-litellm-cache-key</c> is there.</param>
    /// <param name="isStream">Whether the answer is a stream.</param>
    /// <param name="usageCost"><c>usage.cost</c> of the answer.</param>
    public static Money? Resolve(ReadOnlySpan<char> header, bool isCacheHit, bool isStream, Money? usageCost) =>
        isCacheHit ? Money.Zero
        : isStream ? usageCost
        : Parse(header);
}
