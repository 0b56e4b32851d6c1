namespace Gateway.Core.Configuration;

/// <summary>How long realtime sessions may last.</summary>
public sealed class RealtimeOptions
{
    /// <summary>The longest session; then it ends with an <c>error</c> event.</summary>
    [SecondsOption("MAX_REALTIME_SECONDS", 1, 86_400)]
    public TimeSpan MaxRealtimeTime { get; internal set; } = TimeSpan.FromHours(1);

    /// <summary>How long neither side may say anything while no response is being made; then the session ends.</summary>
    [SecondsOption("REALTIME_IDLE_SECONDS", 1, 86_400)]
    public TimeSpan RealtimeIdleTimeout { get; internal set; } = TimeSpan.FromMinutes(10);
}
