namespace Gateway.Limits.Rates;

/// <summary>What calls used before.</summary>
/// <param name="DayRequests">Calls of the day that count in request windows.</param>
/// <param name="DayTokens">Tokens of the day, prompts and answers.</param>
/// <param name="Recent">The last minute, in any order.</param>
internal sealed record PastUsage(long DayRequests, long DayTokens, IReadOnlyList<PastCalls> Recent)
{
    /// <summary>Nothing.</summary>
    public static readonly PastUsage None = new(0, 0, []);

    /// <summary>Tokens of the month that the day is in, the day included; for users alone, else 0.</summary>
    public long MonthTokens { get; init; }
}
