namespace Gateway.Core.Configuration;

/// <summary>How long callers stay in memory.</summary>
public sealed class CallerOptions
{
    /// <summary>How long a caller who does not call stays in memory.</summary>
    [SecondsOption("CALLER_IDLE_SECONDS", 60, 86_400)]
    public TimeSpan CallerIdleTime { get; internal set; } = TimeSpan.FromMinutes(5);

    /// <summary>The most callers (keys, users, access tokens) that are kept in memory, each.</summary>
    [NumberOption("CALLER_CACHE_SIZE", 100, 10_000_000, "callers")]
    public int CallerCacheSize { get; internal set; } = 10_000;

    /// <summary>How long an unknown key is remembered as unknown.</summary>
    [SecondsOption("UNKNOWN_KEY_CACHE_SECONDS", 0, 3_600)]
    public TimeSpan UnknownKeyCacheTime { get; internal set; } = TimeSpan.FromSeconds(10);
}
