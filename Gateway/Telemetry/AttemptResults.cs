namespace Gateway.Telemetry;

/// <summary>How one attempt upstream ended: the values of the label <c>result</c>.</summary>
internal static class AttemptResults
{
    /// <summary>There was an answer, good or bad, and the client got it.</summary>
    public const string Answered = "answered";

    /// <summary>502 or 503, and there is another destination.</summary>
    public const string Unavailable = "unavailable";

    /// <summary>No answer in time.</summary>
    public const string TimedOut = "timed_out";

    /// <summary>No connection, or none that lasted to the answer.</summary>
    public const string Failed = "failed";

    /// <summary>The client left first.</summary>
    public const string ClientLeft = "client_left";
}
