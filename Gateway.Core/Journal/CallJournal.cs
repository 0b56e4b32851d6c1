using Gateway.Core.Storage.Entities;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Journal;

/// <summary>
/// A node's append-only journal: what is published here survives kill -9 from that moment on, without a system call, because it stands in
/// pages of the system's cache. Appends come from any number of threads, take no lock and allocate nothing. See docs/decisions/journal.md.
/// </summary>
public sealed class CallJournal : IDisposable
{
    private static readonly TimeSpan LongestClosing = TimeSpan.FromSeconds(5);

    [ThreadStatic]
    private static byte[]? t_scratch;

    private readonly JournalFolder _folder;
    private readonly SegmentChain _chain;
    private readonly Confirmations _confirmations;
    private readonly JournalSync _sync;
    private readonly JournalKeeper _keeper;
    private bool _isDisposed;

    private CallJournal(JournalFolder folder, JournalOptions options, ILogger logger, Action<TimeSpan, bool>? synced)
    {
        _folder = folder;
        _chain = new SegmentChain(folder, options);
        _confirmations = new Confirmations(_chain);
        _sync = new JournalSync(_chain, _confirmations, options, logger, synced);
        _keeper = new JournalKeeper(
            _chain,
            _confirmations,
            (payload, previous) => Append(payload, previous, takesMoney: true),
            options,
            logger
        );
    }

    /// <summary>
    /// Whether a call may be begun. False is <c>journal_full</c>: what is left is kept for the ends of calls that are under way.
    /// </summary>
    public bool CanHold => _chain.HasSpare ? !_chain.IsClosed : !_chain.Head.IsNearlyFull;

    /// <summary>What stands in the journal and whether it is well. Not for every call: it looks at the segments.</summary>
    public JournalStatus Status =>
        new(
            _chain.All.Count,
            _chain.Bytes,
            _chain.All.Sum(s => Math.Max(0L, s.Unconfirmed)),
            _confirmations.OldestCallAt(),
            !CanHold,
            _keeper.Fault
        );

    /// <summary>Begins a new segment in a folder. Replay what is there first: <see cref="JournalReplay.Read"/>.</summary>
    /// <param name="folder">The node's folder; the journal disposes it.</param>
    /// <param name="options">How it writes.</param>
    /// <param name="logger">Told about failing disks, at most once per change.</param>
    /// <param name="synced">Told, on a thread of the journal's, of each sync how long it took and whether it went well. Must not
    /// throw.</param>
    /// <exception cref="JournalException">No segment can be made: the disk is full, read-only or gone.</exception>
    public static CallJournal Open(JournalFolder folder, JournalOptions options, ILogger logger, Action<TimeSpan, bool>? synced = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.SegmentBytes, 4_096);
        try
        {
            var journal = new CallJournal(folder, options, logger, synced);
            journal._chain.Open();
            folder.IsInUse = true;
            journal._keeper.Start();
            journal._sync.Start();
            return journal;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new JournalException(
                $"The journal in '{folder.Path}' cannot make a segment of {options.SegmentBytes} bytes: {fault.Message} It needs room "
                    + "for two; JOURNAL_SEGMENT_BYTES makes them smaller.",
                fault
            );
        }
    }

    /// <summary>Writes down that money is held. Publish it before the call goes upstream.</summary>
    /// <param name="hold">The hold.</param>
    /// <param name="previous">The last record of the same call, when an earlier attempt was written down.</param>
    public JournalAppend TryHold(in HoldRecord hold, JournalPosition previous = default) => Append(new HoldSource(in hold), previous);

    /// <summary>Writes down that a call holds more.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="attempt">The attempt.</param>
    /// <param name="boundNanoUsd">All that is held now, in each account; not the difference.</param>
    /// <param name="previous">The last record of the same call.</param>
    public JournalAppend TryExtend(Guid callId, int attempt, long boundNanoUsd, JournalPosition previous) =>
        Append(new ExtendSource(callId, attempt, boundNanoUsd), previous);

    /// <summary>
    /// Writes down the row that goes to the ledger. Publish it before the last bytes of the answer leave; confirm it when it is in the
    /// database.
    /// </summary>
    /// <param name="usage">The row; its id is the call's id (UUID).</param>
    /// <param name="previous">The last record of the same call; none when nothing was held.</param>
    /// <exception cref="FormatException">The row's id is no UUID: the gateway has not made it.</exception>
    public JournalAppend TrySettle(UsageRecord usage, JournalPosition previous = default) =>
        Append(new SettleSource(Guid.ParseExact(usage.Id, "D"), usage), previous);

    /// <summary>Writes down that a call ended without anything to charge or to record. Needs no confirmation.</summary>
    /// <param name="callId">The call.</param>
    /// <param name="attempt">The attempt; holds of later attempts stay open.</param>
    /// <param name="previous">The last record of the same call.</param>
    public JournalAppend TryRelease(Guid callId, int attempt, JournalPosition previous) =>
        Append(new ReleaseSource(callId, attempt), previous);

    /// <summary>
    /// Completes when a record is on the disk: within the sync interval and the time of one sync, or with an interval of zero within the
    /// time of two syncs. False when the disk failed: then the record survives the process, but perhaps not a power loss.
    /// </summary>
    public ValueTask<bool> SyncedAsync(JournalPosition position) => _sync.SyncedAsync(position);

    /// <summary>
    /// Says that calls are in the database, committed: their records need no replay, and segments without others are deleted. A second time
    /// does nothing.
    /// </summary>
    /// <param name="lasts">The last record of each call; its earlier ones are found by it.</param>
    public void Confirm(params ReadOnlySpan<JournalPosition> lasts)
    {
        if (_confirmations.Confirm(lasts))
        {
            _chain.Changed.Set();
        }
    }

    /// <summary>
    /// Takes no more records, waits for those being written, syncs, deletes what is confirmed, and gives the folder back. What is not
    /// confirmed is replayed at the next start.
    /// </summary>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }
        _isDisposed = true;
        _keeper.Stop();
        _chain.Close();
        _sync.Stop();
        var until = Environment.TickCount64 + (long)LongestClosing.TotalMilliseconds;
        var wait = default(SpinWait);
        for (_sync.Pass(); _chain.All.Any(s => !s.IsQuiet) && Environment.TickCount64 < until; _sync.Pass())
        {
            wait.SpinOnce();
        }
        _chain.Free();
        _chain.Release();
        _folder.Dispose();
    }

    private static byte[] Scratch(int bytes) => t_scratch is { } scratch && scratch.Length >= bytes ? scratch : t_scratch = new byte[bytes];

    private JournalAppend Append<T>(in T source, JournalPosition previous)
        where T : struct, IRecordSource
    {
        // Put together beside the journal: the time between taking a place and publishing it is then that of one copy.
        for (var scratch = Scratch(2_048); ; scratch = Scratch(scratch.Length * 2))
        {
            var writer = new RecordWriter(scratch);
            source.Write(ref writer);
            if (!writer.Overflowed)
            {
                return Append(scratch.AsSpan(0, writer.Length), previous, T.TakesMoney);
            }
            if (scratch.Length >= RecordHeader.LargestPayload)
            {
                return new JournalAppend(JournalOutcome.TooLarge, default);
            }
        }
    }

    private JournalAppend Append(ReadOnlySpan<byte> payload, JournalPosition previous, bool takesMoney)
    {
        var checksum = RecordHeader.ChecksumOf(payload);
        var slots = RecordHeader.SlotsFor(payload.Length);
        while (!takesMoney || CanHold)
        {
            var head = _chain.Head;
            if (!head.CanEverHold(slots))
            {
                return new JournalAppend(JournalOutcome.TooLarge, default);
            }
            if (head.TryTake(slots, out var slot))
            {
                head.Write(slot, previous, payload, checksum);
                return new JournalAppend(JournalOutcome.Published, new JournalPosition(head.Number, slot));
            }
            if (!_chain.TryAdvance(head))
            {
                break;
            }
        }
        return new JournalAppend(_chain.IsClosed ? JournalOutcome.Closed : JournalOutcome.Full, default);
    }
}
