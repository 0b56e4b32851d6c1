using Gateway.Core.Journal;
using Gateway.Calls;

namespace Gateway.Ledger;

/// <summary>What the stages of a call write down, so that a crash leaves a trace of each call. <see cref="NodeJournal"/> in the product; benchmarks measure what it costs.</summary>
internal interface ICallJournal
{
    /// <summary>Writes down that a call is about to go upstream, with what is held for it: also for calls that hold nothing, so that a crash leaves a record of them.</summary>
    /// <returns>False when there is no room for it.</returns>
    bool TryHold(InferenceRequest inference);

    /// <summary>Writes down that a call holds more by now.</summary>
    /// <returns>False when there is no room for it, and the call may not go on without.</returns>
    bool TryExtend(InferenceRequest inference);

    /// <summary>Writes down that a call never went upstream.</summary>
    void Release(InferenceRequest inference);

    /// <summary>Calls are in the database: their records may go.</summary>
    /// <param name="lasts">The last record of each.</param>
    void Confirm(ReadOnlySpan<JournalPosition> lasts);
}
