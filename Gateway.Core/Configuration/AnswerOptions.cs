namespace Gateway.Core.Configuration;

/// <summary>How answers go back to clients, and what happens when a client leaves.</summary>
public sealed class AnswerOptions
{
    /// <summary>
    /// Plain answers up to this size are held until they are priced, so that they carry their cost; larger ones stream through.
    /// </summary>
    [NumberOption("PLAIN_HOLD_BYTES", 0, 64 * 1024 * 1024, "bytes")]
    public int PlainHoldBytes { get; internal set; } = 256 * 1024;

    /// <summary>The largest single server-sent event that is held; a larger one is read while it passes.</summary>
    [NumberOption("MAX_EVENT_BYTES", 4_096, 64 * 1024 * 1024, "bytes")]
    public int MaxEventBytes { get; internal set; } = 1024 * 1024;

    /// <summary>Whether <c>x-litellm-*</c> headers of the upstream reach the client.</summary>
    [SwitchOption("FORWARD_LITELLM_HEADERS")]
    public bool ForwardLiteLlmHeaders { get; internal set; }

    /// <summary>How long the upstream may be silent within an answer; then the answer is ended as failed.</summary>
    [SecondsOption("UPSTREAM_IDLE_SECONDS", 1, 86_400)]
    public TimeSpan UpstreamIdleTimeout { get; internal set; } = TimeSpan.FromSeconds(300);

    /// <summary>What happens upstream when the client leaves.</summary>
    [ChoiceOption("ON_DISCONNECT")]
    public DisconnectPolicy OnDisconnect { get; internal set; } = DisconnectPolicy.Auto;

    /// <summary>How long a call whose client left is read on.</summary>
    [SecondsOption("DRAIN_SECONDS", 0, 3_600)]
    public TimeSpan DrainTimeout { get; internal set; } = TimeSpan.FromSeconds(120);

    /// <summary>Between two looks at answers that the provider makes in the background; their charges are lowered when they end.</summary>
    [SecondsOption("BACKGROUND_POLL_SECONDS", 1, 3_600)]
    public TimeSpan BackgroundPollInterval { get; internal set; } = TimeSpan.FromSeconds(15);

    /// <summary>How many days an answer in the background is looked for; then its charge stays at what was held.</summary>
    [NumberOption("BACKGROUND_DAYS", 1, 365, "days")]
    public int BackgroundDays { get; internal set; } = 7;

    /// <summary>
    /// How many days files, conversations and batches that nobody uses stay at their upstream, with their users; then they are deleted.
    /// Zero: for ever.
    /// </summary>
    [NumberOption("KEPT_DAYS", 0, 36_500, "days")]
    public int KeptDays { get; internal set; } = 400;

    /// <summary>How many bytes of a call whose client left are read.</summary>
    [NumberOption("DRAIN_BYTES", 0, 1L << 30, "bytes")]
    public long DrainBytes { get; internal set; } = 8 * 1024 * 1024;
}
