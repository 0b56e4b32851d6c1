namespace Gateway.Limits.Rates;

/// <summary>How the tightest limits stand for a call, as its headers tell.</summary>
/// <param name="Requests">Of those on requests.</param>
/// <param name="Tokens">Of those on tokens.</param>
internal readonly record struct RateStates(RateLimitState Requests, RateLimitState Tokens);
