namespace Gateway.Calls;

/// <summary>
/// What happened to a call; the values of <c>usage_records.outcome</c>. A bounded list, so that it may be a metric's label.
/// </summary>
internal static class Outcomes
{
    /// <summary>A whole answer.</summary>
    public const string Ok = "ok";

    /// <summary>The client left before the end; charged as far as it came.</summary>
    public const string ClientLeft = "client_left";

    /// <summary>The stream was ended because the money held for it was used up; charged as far as it came.</summary>
    public const string BudgetReached = "budget_reached";

    /// <summary>The upstream ended before the answer did.</summary>
    public const string UpstreamTruncated = "upstream_truncated";

    /// <summary>The upstream was silent for longer than the option allows.</summary>
    public const string UpstreamTimeout = "upstream_timeout";

    /// <summary>The upstream answered with an error.</summary>
    public const string UpstreamError = "upstream_error";

    /// <summary>The upstream refused the gateway's own credential or budget.</summary>
    public const string UpstreamRefused = "upstream_refused";

    /// <summary>The upstream's answer could not be read.</summary>
    public const string UpstreamInvalid = "upstream_invalid";

    /// <summary>The upstream answered 200 with neither content nor usage.</summary>
    public const string UpstreamEmpty = "upstream_empty";

    /// <summary>The gateway's process died while the call was in flight. Only in rows that a replay of the journal wrote.</summary>
    public const string NodeLost = "node_lost";

    /// <summary>No call: lowers what <see cref="NodeLost"/> or <see cref="Background"/> was charged to what the upstream says.</summary>
    public const string Corrected = "corrected";

    /// <summary>The provider makes the answer in the background; charged with the hold until it ends.</summary>
    public const string Background = "background";

    /// <summary>No connection, or none that lasted to the answer.</summary>
    public const string UpstreamUnreachable = "upstream_unreachable";
}
