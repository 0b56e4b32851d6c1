using System.Globalization;

namespace Gateway.Observability;

/// <summary>Small numbers as label values that exist already.</summary>
internal static class StatusText
{
    private static readonly string[] Texts = [.. Enumerable.Range(0, 600).Select(n => n.ToString(CultureInfo.InvariantCulture))];

    public static string Of(int number) => (uint)number < (uint)Texts.Length ? Texts[number] : GatewayMetrics.Other;
}

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

/// <summary>What the database was used for: the values of the label <c>operation</c>.</summary>
internal static class DatabaseOperations
{
    /// <summary>Writing settled calls.</summary>
    public const string Ledger = "ledger";

    /// <summary>Reading keys, users and sessions at their first use.</summary>
    public const string Callers = "callers";
}
