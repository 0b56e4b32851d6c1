using Gateway.Core.Journal;

namespace Gateway.Ledger;

/// <summary>
/// What is written down of calls, so that a crash leaves a trace of each. <see cref="NodeJournal"/> in the product; benchmarks measure what
/// it costs.
/// </summary>
internal interface ICallJournal
{
    /// <summary>
    /// Writes down that a call is about to go upstream, with what is held for it: also for calls that hold nothing, so that a crash leaves
    /// a record of them.
    /// </summary>
    JournalAppend TryHold(in HoldRecord hold);

    /// <summary>Writes down that a call holds more by now.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="heldNanoUsd">What it holds in all, nano-dollars.</param>
    /// <param name="last">Its last record before.</param>
    JournalAppend TryExtend(Guid callId, long heldNanoUsd, JournalPosition last);

    /// <summary>Writes down that a call never went upstream.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="last">Its last record before.</param>
    void Release(Guid callId, JournalPosition last);

    /// <summary>Calls are in the database: their records may go.</summary>
    /// <param name="lasts">The last record of each.</param>
    void Confirm(ReadOnlySpan<JournalPosition> lasts);
}
