using System.Threading.Channels;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>
/// A bounded queue in memory between answers and <see cref="UsageWriter"/>. Knows how much of what it took is in the database.
/// </summary>
internal sealed class UsageQueue(LedgerOptions options, TimeProvider time)
{
    private const int UnderWaySlots = 4_096;

    private readonly Channel<QueuedCall> _channel = Channel.CreateBounded<QueuedCall>(
        new BoundedChannelOptions(options.UsageQueueSize) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait }
    );

    // How many calls of which callers are on their way, by the hash of the caller's id: zero means none, more may be somebody else's.
    private readonly int[] _underWay = new int[UnderWaySlots];
    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Written)> _waiters = [];
    private long _accepted;
    private long _written;
    private long _batchOldestTicks;
    private int _batchCount;

    // A moment, and how many had been taken by then: when so many are written, all from before that moment are. They leave in the order in
    // which they came.
    private (long At, long Accepted) _mark;
    private long _writtenThrough;

    public ChannelReader<QueuedCall> Reader => _channel.Reader;

    /// <summary>Whether all that was taken is in the database.</summary>
    public bool IsWritten => Interlocked.Read(ref _written) == Interlocked.Read(ref _accepted);

    /// <summary>
    /// A moment (<see cref="TimeProvider.GetTimestamp"/>) before which all that was taken is in the database: now when nothing waits, else
    /// the last of the moments that the writer has caught up with. So it moves on under steady traffic too, when something always waits.
    /// </summary>
    public long WrittenThrough
    {
        get
        {
            var now = time.GetTimestamp();
            return IsWritten ? now : Interlocked.Read(ref _writtenThrough);
        }
    }

    /// <summary>Ended calls that are not in the database yet, the batch that is being written included.</summary>
    public int Backlog => Reader.Count + Volatile.Read(ref _batchCount);

    /// <summary>When the oldest ended call ended that is not in the database yet; null when there is none.</summary>
    public DateTime? OldestUnwritten =>
        Volatile.Read(ref _batchCount) > 0 ? new DateTime(Volatile.Read(ref _batchOldestTicks), DateTimeKind.Utc)
        : Reader.TryPeek(out var first) ? first.Record.EndedAt
        : null;

    /// <summary>Set while somebody waits for the database: the writer then gathers no longer.</summary>
    public bool IsAwaited { get; private set; }

    /// <summary>Takes an ended call. Completes at once unless the queue is full; then its answer waits.</summary>
    /// <exception cref="ChannelClosedException">The process stops; the writer takes no more.</exception>
    public ValueTask EnqueueAsync(QueuedCall call)
    {
        Interlocked.Increment(ref _accepted);
        CountUnderWay(call.Record, 1);
        return _channel.Writer.TryWrite(call) ? default : _channel.Writer.WriteAsync(call);
    }

    /// <summary>Completes when all that was taken of a key, user or team before this call is in the database.</summary>
    /// <exception cref="TimeoutException">It did not come there within the limit: the database is away.</exception>
    public async Task WhenWrittenAsync(string callerId, TimeSpan limit)
    {
        if (Volatile.Read(ref SlotOf(callerId)) == 0)
        {
            return;
        }
        TaskCompletionSource written;
        lock (_gate)
        {
            var count = Interlocked.Read(ref _accepted);
            if (Interlocked.Read(ref _written) >= count)
            {
                return;
            }
            written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((count, written));
            IsAwaited = true;
        }
        await written.Task.WaitAsync(limit, time);
    }

    /// <summary>A batch, the oldest first, is about to be written.</summary>
    public void MarkTaken(List<UsageRecord> records)
    {
        Volatile.Write(ref _batchOldestTicks, records[0].EndedAt.Ticks);
        Volatile.Write(ref _batchCount, records.Count);
    }

    /// <summary>These are in the database.</summary>
    public void MarkWritten(List<UsageRecord> records)
    {
        Volatile.Write(ref _batchCount, 0);
        foreach (var record in records)
        {
            CountUnderWay(record, -1);
        }
        lock (_gate)
        {
            var written = Interlocked.Add(ref _written, records.Count);
            if (written >= _mark.Accepted)
            {
                Interlocked.Exchange(ref _writtenThrough, _mark.At);
                var now = time.GetTimestamp();
                _mark = (now, Interlocked.Read(ref _accepted));
            }
            foreach (var (_, waiter) in _waiters.Where(w => w.Count <= written))
            {
                waiter.SetResult();
            }
            _waiters.RemoveAll(w => w.Count <= written);
            IsAwaited = _waiters.Count > 0;
        }
    }

    private void CountUnderWay(UsageRecord record, int change)
    {
        Interlocked.Add(ref SlotOf(record.UserId), change);
        if (record.ApiKeyId is { } keyId)
        {
            Interlocked.Add(ref SlotOf(keyId), change);
        }
        if (record.TeamId is { } teamId)
        {
            Interlocked.Add(ref SlotOf(teamId), change);
        }
    }

    private ref int SlotOf(string id) => ref _underWay[(uint)id.GetHashCode() % UnderWaySlots];

    /// <summary>No more calls come: the writer drains what is there and ends.</summary>
    public void Complete() => _channel.Writer.TryComplete();

    /// <summary>What is left is not written any more: who waits for it is told.</summary>
    public void GiveUp()
    {
        lock (_gate)
        {
            _waiters.ForEach(w => w.Written.SetException(new TimeoutException("The process stops before the database took the records.")));
            _waiters.Clear();
        }
    }
}
