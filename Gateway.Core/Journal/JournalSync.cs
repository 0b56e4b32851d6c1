using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Journal;

/// <summary>
/// A thread that follows the appends: steps over what is published, brings it to the disk in groups, and tells those who wait. A thread of
/// its own because a sync blocks, for as long as the disk likes.
/// </summary>
internal sealed partial class JournalSync(
    SegmentChain chain,
    Confirmations confirmations,
    JournalOptions options,
    ILogger logger,
    Action<TimeSpan, bool>? synced = null
)
{
    // Without an interval there is nobody to wake it for records that nobody waits for.
    private static readonly TimeSpan IdlePass = TimeSpan.FromMilliseconds(500);

    private readonly AutoResetEvent _wake = new(false);
    private TaskCompletionSource<bool>? _waiting;
    private Thread? _thread;
    private bool _hasFailed;
    private volatile bool _isStopped;

    public void Start()
    {
        _thread = new Thread(Run) { IsBackground = true, Name = "journal-sync" };
        _thread.Start();
    }

    /// <summary>Ends the thread. What is published later is synced by <see cref="Pass"/>.</summary>
    public void Stop()
    {
        _isStopped = true;
        _wake.Set();
        _thread?.Join();
    }

    public ValueTask<bool> SyncedAsync(JournalPosition position)
    {
        if (chain.Find(position.Segment) is not { } segment)
        {
            return ValueTask.FromResult(!_isStopped); // confirmed and freed
        }
        if (segment.SyncFailed || position.Slot < segment.SyncedSlots)
        {
            return ValueTask.FromResult(!segment.SyncFailed);
        }
        // The record must be visible before it is counted on that the next sync takes it along.
        Interlocked.MemoryBarrier();
        var waiting = Volatile.Read(ref _waiting);
        if (waiting is null)
        {
            var first = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
            waiting = Interlocked.CompareExchange(ref _waiting, first, null) ?? first;
        }
        if (_isStopped)
        {
            waiting.TrySetResult(false);
        }
        else if (options.SyncInterval == TimeSpan.Zero)
        {
            _wake.Set();
        }
        return new ValueTask<bool>(waiting.Task);
    }

    /// <summary>One round. Who asks after it has begun waits for the next.</summary>
    public void Pass()
    {
        var waiting = Interlocked.Exchange(ref _waiting, null);
        var isSynced = true;
        foreach (var segment in chain.All)
        {
            Walk(segment);
            if (segment.NeedsSync)
            {
                isSynced &= TrySync(segment);
            }
        }
        // Who came while the round before failed may wait for the segment that was left behind then, and is in this round.
        waiting?.TrySetResult(isSynced && !_hasFailed);
        _hasFailed = !isSynced;
    }

    private void Run()
    {
        var pause = options.SyncInterval > TimeSpan.Zero ? options.SyncInterval : IdlePass;
        while (!_isStopped)
        {
            _wake.WaitOne(pause);
            Pass();
        }
    }

    private void Walk(Segment segment)
    {
        var wasDone = segment.IsDone;
        while (segment.TryWalk(out var slot, out var kind))
        {
            if (kind == RecordKind.Release)
            {
                confirmations.Confirm(new JournalPosition(segment.Number, slot));
            }
        }
        if (!wasDone && segment.IsDone)
        {
            chain.Changed.Set();
        }
    }

    // A disk that failed a sync may call the next one a success without having written anything: the segment is left behind, and the
    // journal goes on in the next.
    private bool TrySync(Segment segment)
    {
        var start = Stopwatch.GetTimestamp();
        try
        {
            segment.Sync(options.FlushToDisk);
            synced?.Invoke(Stopwatch.GetElapsedTime(start), true);
            return true;
        }
        catch (ObjectDisposedException)
        {
            return true; // all of it is in the database, and it was freed just now
        }
        catch (IOException fault)
        {
            segment.Seal();
            synced?.Invoke(Stopwatch.GetElapsedTime(start), false);
            Log.Failed(logger, segment.File.Path, fault);
            return false;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "The journal segment {Path} could not be synced: what is in it may not survive a power loss. The journal goes on "
                + "in the next segment."
        )]
        public static partial void Failed(ILogger logger, string path, Exception fault);
    }
}
