using Gateway.Calls;
using Gateway.Ledger;

namespace Gateway.Limits;

/// <summary>
/// Writes the call's hold into the journal before anything goes upstream. Without room for it, a call that an enforced budget or a balance
/// pays for is refused: after
/// a crash nobody would know of its money. Any other call passes; its record then waits for the database. A hold that was never used is
/// released.
/// </summary>
internal sealed partial class JournalStep(ICallJournal journal, ILogger<JournalStep> logger)
{
    /// <summary>Writes down what is held, also for calls that hold nothing.</summary>
    /// <returns>Why the call is refused; null when it may go on.</returns>
    public Refusal? Take(Reservation reservation)
    {
        var append = journal.TryHold(CallHold.Of(reservation));
        reservation.LastJournalRecord = append.Position;
        if (append.IsPublished || reservation.Hold is not { Lines.Length: > 0 } || !reservation.Quotas.EnforcesMoney)
        {
            return null;
        }
        Log.Refused(logger, reservation.Call.RequestId);
        return Refusals.JournalFull;
    }

    /// <summary>Writes down that the call holds more by now.</summary>
    /// <returns>False when there is no room for it, and the call may not go on without.</returns>
    public bool TryExtend(Reservation reservation)
    {
        if (reservation.LastJournalRecord.IsNone)
        {
            return true; // its hold is not there either: the call is under no enforced limit
        }
        var (call, last) = (Guid.Parse(reservation.Call.RequestId), reservation.LastJournalRecord);
        var append = journal.TryExtend(call, reservation.Hold!.Amount.NanoUsd, last);
        if (append.IsPublished)
        {
            reservation.LastJournalRecord = append.Position;
        }
        return append.IsPublished || !reservation.Quotas.EnforcesMoney;
    }

    /// <summary>Writes down that the call never went upstream.</summary>
    public void Release(Reservation reservation)
    {
        if (!reservation.LastJournalRecord.IsNone)
        {
            journal.Release(Guid.Parse(reservation.Call.RequestId), reservation.LastJournalRecord);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId} is refused: the journal has no room for its hold.")]
        public static partial void Refused(ILogger logger, string requestId);
    }
}
