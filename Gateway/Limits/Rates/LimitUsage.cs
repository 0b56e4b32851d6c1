using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>
/// How one rate of a limit stands, for <c>GET /v1/key</c>. Used, held and remaining add up to the limit, unless more was used than it
/// allows.
/// </summary>
/// <param name="Window">Which rate.</param>
/// <param name="Limit">Requests, tokens or calls in flight.</param>
/// <param name="Used">Requests counted, or tokens of calls that ended.</param>
/// <param name="Held">Calls in flight, or estimates of open calls in the window; 0 for requests, which count from the start.</param>
/// <param name="Remaining">What is left, not below 0.</param>
/// <param name="ResetAt">When all of it is free again if no other call comes, UTC; null when it is, and for calls in flight.</param>
internal readonly record struct LimitUsage(LimitWindow Window, long Limit, long Used, long Held, long Remaining, DateTime? ResetAt)
{
    /// <summary>Reads all rates that a limit has. The counters are locked, ready, and advanced to now.</summary>
    public static IReadOnlyList<LimitUsage> Of(RateLimit limit, ScopeCounters counters, in WindowInstant now)
    {
        var usages = new List<LimitUsage>(5);
        var shared = counters.Shared;
        ref readonly var minute = ref counters.Minute;
        ref readonly var day = ref counters.Day;
        DateTime? requestsReset = minute.Requests > 0 ? now.Utc + now.Until(minute.RequestsLeftAt(minute.Requests)) : null;
        DateTime? tokensReset = minute.Tokens > 0 ? now.Utc + now.Until(minute.TokensLeftAt(minute.Tokens)) : null;
        Add(
            usages,
            LimitWindow.RequestsPerMinute,
            limit.RequestsPerMinute,
            minute.Requests + Others(LimitWindow.RequestsPerMinute),
            0,
            requestsReset
        );
        Add(
            usages,
            LimitWindow.TokensPerMinute,
            limit.TokensPerMinute,
            minute.Tokens - minute.HeldTokens + Others(LimitWindow.TokensPerMinute),
            minute.HeldTokens,
            tokensReset
        );
        Add(
            usages,
            LimitWindow.RequestsPerDay,
            limit.RequestsPerDay,
            day.Requests + Others(LimitWindow.RequestsPerDay),
            0,
            day.Requests > 0 ? now.DayEnd : null
        );
        Add(
            usages,
            LimitWindow.TokensPerDay,
            limit.TokensPerDay,
            day.Tokens - day.HeldTokens + Others(LimitWindow.TokensPerDay),
            day.HeldTokens,
            day.Tokens > 0 ? now.DayEnd : null
        );
        ref readonly var month = ref counters.Month;
        Add(
            usages,
            LimitWindow.TokensPerMonth,
            limit.TokensPerMonth,
            month.Tokens - month.HeldTokens + Others(LimitWindow.TokensPerMonth),
            month.HeldTokens,
            month.Tokens > 0 ? now.MonthEnd : null
        );
        Add(usages, LimitWindow.MaxConcurrent, limit.MaxConcurrent, 0, counters.InFlight + Others(LimitWindow.MaxConcurrent), null);
        return usages;

        long Others(LimitWindow window) => shared?.OthersOf(window) ?? 0;
    }

    private static void Add(List<LimitUsage> usages, LimitWindow window, long? limit, long used, long held, DateTime? resetAt)
    {
        if (limit is { } max)
        {
            usages.Add(new LimitUsage(window, max, used, held, Math.Max(0, max - used - held), resetAt));
        }
    }
}
