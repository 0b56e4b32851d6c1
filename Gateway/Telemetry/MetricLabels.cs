using System.Globalization;
using Gateway.Core.Journal;

namespace Gateway.Telemetry;

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

/// <summary>The records of a journal: the values of the label <c>record</c>.</summary>
internal static class JournalRecordKinds
{
    /// <summary>A call is about to go upstream.</summary>
    public const string Hold = "hold";

    /// <summary>A call holds more.</summary>
    public const string Extension = "extension";

    /// <summary>The row that a call leaves in the ledger.</summary>
    public const string Settlement = "settlement";

    /// <summary>A call never went upstream.</summary>
    public const string Release = "release";

    public static readonly string[] All = [Hold, Extension, Settlement, Release];
}

/// <summary>Why a record is not in the journal: the values of the label <c>reason</c>.</summary>
internal static class JournalReasons
{
    public static string Of(JournalOutcome outcome) => outcome switch
    {
        JournalOutcome.Full => "full",
        JournalOutcome.TooLarge => "too_large",
        _ => "closed",
    };
}

/// <summary>How much of a budget's cap is spent: the values of the label <c>used</c>.</summary>
internal static class BudgetBands
{
    /// <summary>From the emptiest to the fullest; their limits are the thresholds that events tell of.</summary>
    public static readonly string[] All = ["under_50", "50_to_80", "80_to_95", "95_to_100", "exhausted"];

    /// <summary>The place in <see cref="All"/>.</summary>
    public static int Of(long spentNanoUsd, long capNanoUsd) => ((Int128)spentNanoUsd * 100) switch
    {
        var share when share >= (Int128)capNanoUsd * 100 => 4,
        var share when share >= (Int128)capNanoUsd * 95 => 3,
        var share when share >= (Int128)capNanoUsd * 80 => 2,
        var share when share >= (Int128)capNanoUsd * 50 => 1,
        _ => 0,
    };
}

/// <summary>What the database was used for: the values of the label <c>operation</c>.</summary>
internal static class DatabaseOperations
{
    /// <summary>Writing settled calls.</summary>
    public const string Ledger = "ledger";

    /// <summary>Reading keys, users and sessions at their first use.</summary>
    public const string Callers = "callers";
}
