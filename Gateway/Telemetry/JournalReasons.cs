using Gateway.Core.Journal;

namespace Gateway.Telemetry;

/// <summary>Why a record is not in the journal: the values of the label <c>reason</c>.</summary>
internal static class JournalReasons
{
    public static string Of(JournalOutcome outcome) =>
        outcome switch
        {
            JournalOutcome.Full => "full",
            JournalOutcome.TooLarge => "too_large",
            _ => "closed",
        };
}
