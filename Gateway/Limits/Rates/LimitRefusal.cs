using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>
/// A no, and whose it is. When several limits refuse, one that can never fit the call is named before all others, because waiting is in
/// vain; then by scope (key, user, team, tier x model); then by window (requests per minute, tokens per minute, requests per day, tokens
/// per day, tokens per month, in flight). Immutable.
/// </summary>
/// <param name="Limit">The limit that is named.</param>
/// <param name="Window">Which of its rates.</param>
/// <param name="Max">That rate: requests, tokens or calls in flight.</param>
/// <param name="Remaining">What was left of it, not below 0.</param>
/// <param name="ResetAt">When that limit has room for the call if no other comes, UTC; null for calls in flight and for a call that never
/// fits.</param>
/// <param name="RetryAfter">
/// Whole seconds after which the call passes all limits if no other comes and none in flight ends; one second less does not do. For calls
/// in flight alone it is 1 s, a guess. Null for a call that never fits.
/// </param>
internal sealed record LimitRefusal(RateLimit Limit, LimitWindow Window, long Max, long Remaining, DateTime? ResetAt, TimeSpan? RetryAfter)
{
    /// <summary>What the call asked of it: 1, or the tokens that it is likely to use.</summary>
    public required long Needed { get; init; }

    /// <summary>The call alone is larger than a whole limit, tokens by its prompt alone: sending it again is in vain.</summary>
    public bool NeverFits => RetryAfter is null;

    /// <summary>The tightest limit on requests.</summary>
    public RateLimitState RequestState { get; init; }

    /// <summary>The tightest limit on tokens.</summary>
    public RateLimitState TokenState { get; init; }
}
