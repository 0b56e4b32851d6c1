using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;
using Gateway.Telemetry;

namespace Gateway.Ledger;

/// <summary>
/// This node's journal as the stages of a call use it. Opened once, by <see cref="JournalStart"/>, after what was left in its folder is in
/// the database. A call carries the place of its last record with it.
/// </summary>
internal sealed class NodeJournal(LedgerOptions options, GatewayMetrics metrics, ILogger<CallJournal> logger) : ICallJournal, IDisposable
{
    private CallJournal? _journal;

    /// <summary>Whether an answer waits until its record is on the disk.</summary>
    public bool SyncsBeforeEnd { get; } = options.JournalSyncInterval == TimeSpan.Zero;

    /// <summary>How the journal stands; null before it is open.</summary>
    public JournalStatus? Status => _journal?.Status;

    private CallJournal Journal => _journal ?? throw new InvalidOperationException("The journal is not open: no call may be taken yet.");

    /// <summary>Opens the journal in a folder that has been replayed, and takes the folder over.</summary>
    /// <exception cref="JournalException">No segment can be made.</exception>
    public void Open(JournalFolder folder) =>
        _journal = CallJournal.Open(folder, JournalOptions.From(options), logger, metrics.JournalSynced);

    /// <inheritdoc/>
    public JournalAppend TryHold(in HoldRecord hold) => Counted(JournalRecordKinds.Hold, Journal.TryHold(hold));

    /// <inheritdoc/>
    public JournalAppend TryExtend(Guid callId, long heldNanoUsd, JournalPosition last) =>
        Counted(JournalRecordKinds.Extension, Journal.TryExtend(callId, JournalRecords.OnlyAttempt, heldNanoUsd, last));

    /// <summary>Writes down the row that a call leaves in the ledger.</summary>
    /// <param name="record">The row.</param>
    /// <param name="last">The call's last record before.</param>
    public JournalAppend TrySettle(UsageRecord record, JournalPosition last) =>
        Counted(JournalRecordKinds.Settlement, Journal.TrySettle(record, last));

    /// <inheritdoc/>
    public void Release(Guid callId, JournalPosition last) =>
        Counted(JournalRecordKinds.Release, Journal.TryRelease(callId, JournalRecords.OnlyAttempt, last));

    /// <summary>Completes when a record is on the disk; false when the disk failed.</summary>
    public ValueTask<bool> SyncedAsync(JournalPosition position) => Journal.SyncedAsync(position);

    /// <inheritdoc/>
    public void Confirm(ReadOnlySpan<JournalPosition> lasts) => Journal.Confirm(lasts);

    public void Dispose() => _journal?.Dispose();

    private JournalAppend Counted(string record, JournalAppend append)
    {
        if (!append.IsPublished)
        {
            metrics.NotJournaled(record, append.Outcome);
        }
        return append;
    }
}
