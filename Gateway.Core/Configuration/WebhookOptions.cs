namespace Gateway.Core.Configuration;

/// <summary>How events are sent to the webhook.</summary>
public sealed class WebhookOptions
{
    /// <summary>How often an event is sent to the webhook at most, the first time included; then it is given up.</summary>
    [NumberOption("WEBHOOK_ATTEMPTS", 1, 100, "attempts")]
    public int WebhookAttempts { get; internal set; } = 12;

    /// <summary>How long the webhook's receiver may take for one delivery.</summary>
    [SecondsOption("WEBHOOK_TIMEOUT_SECONDS", 0.1, 300)]
    public TimeSpan WebhookTimeout { get; internal set; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait before the second attempt; it doubles with each further one, up to an hour, give or take half.</summary>
    [SecondsOption("WEBHOOK_RETRY_SECONDS", 0.01, 3_600)]
    public TimeSpan WebhookRetryDelay { get; internal set; } = TimeSpan.FromSeconds(5);

    /// <summary>Deliveries under way at once on one node.</summary>
    [NumberOption("WEBHOOK_PARALLELISM", 1, 100, "deliveries")]
    public int WebhookParallelism { get; internal set; } = 4;

    /// <summary>How often events to be sent are looked for.</summary>
    [NumberOption("WEBHOOK_POLL_MS", 10, 60_000, "milliseconds")]
    public TimeSpan WebhookPollInterval { get; internal set; } = TimeSpan.FromSeconds(1);
}
