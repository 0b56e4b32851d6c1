namespace Gateway.Limits.Rates;

/// <summary>
/// How the tightest limit stands, for <c>x-ratelimit-*</c>: of the limits that enforce, per minute and per day, the one with the least
/// left. A limit of 0 stands for none: then there are no headers.
/// </summary>
/// <param name="Limit">Requests or tokens.</param>
/// <param name="Remaining">What is left, this call taken off, not below 0.</param>
/// <param name="Reset">Time until all of it is free again if no other call comes.</param>
internal readonly record struct RateLimitState(long Limit, long Remaining, TimeSpan Reset)
{
    /// <summary>Whether there is such a limit.</summary>
    public bool Exists => Limit > 0;
}
