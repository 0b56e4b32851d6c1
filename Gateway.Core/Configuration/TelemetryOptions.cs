namespace Gateway.Core.Configuration;

/// <summary>What is measured and traced.</summary>
public sealed class TelemetryOptions
{
    /// <summary>The bearer token that <c>/metrics</c> asks for; null: it is open.</summary>
    [FormOption("METRICS_TOKEN", "8 to 256 characters without white space", nameof(IsToken), IsSecret = true)]
    public string? MetricsToken { get; internal set; }

    /// <summary>The share of calls that are traced, 0 to 1, when an OTLP endpoint is set.</summary>
    [RatioOption("TRACE_SAMPLE_RATIO")]
    public double TraceSampleRatio { get; internal set; } = 0.01;

    /// <summary>
    /// Whether a call is also traced because its client's <c>traceparent</c> says so. Only for clients that are trusted: they decide what
    /// tracing costs.
    /// </summary>
    [SwitchOption("TRACE_FOLLOW_CLIENTS")]
    public bool TraceFollowClients { get; internal set; }

    /// <summary>Lines of the call log that may wait to be written; further ones are dropped and counted.</summary>
    [NumberOption("CALL_LOG_QUEUE_SIZE", 1, 1_000_000, "lines")]
    public int CallLogQueueSize { get; internal set; } = 8_192;

    private static bool IsToken(string text) => text.Length is >= 8 and <= 256 && !text.Any(char.IsWhiteSpace);
}
