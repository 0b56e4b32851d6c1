using System.Threading.Channels;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Recording;

/// <summary>A bounded queue in memory between answers and <see cref="UsageWriter"/>. Knows how much of what it took is in the database.</summary>
internal sealed class UsageQueue(HubOptions options, TimeProvider time) : IUsageRecorder
{
    private readonly Channel<UsageRecord> _channel = Channel.CreateBounded<UsageRecord>(
        new BoundedChannelOptions(options.UsageQueueSize) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly Lock _gate = new();
    private readonly List<(long Count, TaskCompletionSource Written)> _waiters = [];
    private long _accepted;
    private long _written;

    public ChannelReader<UsageRecord> Reader => _channel.Reader;

    /// <summary>Whether all that was taken is in the database.</summary>
    public bool IsWritten => Interlocked.Read(ref _written) == Interlocked.Read(ref _accepted);

    /// <summary>A moment (<see cref="TimeProvider.GetTimestamp"/>) before which all that was taken is in the database; 0 while something waits.</summary>
    public long WrittenThrough
    {
        get
        {
            var now = time.GetTimestamp();
            return IsWritten ? now : 0;
        }
    }

    /// <summary>Set while somebody waits for the database: the writer then gathers no longer.</summary>
    public bool IsAwaited { get; private set; }

    public ValueTask RecordAsync(UsageRecord record)
    {
        Interlocked.Increment(ref _accepted);
        return _channel.Writer.TryWrite(record) ? default : _channel.Writer.WriteAsync(record);
    }

    /// <summary>Completes when all that was taken before this call is in the database.</summary>
    /// <exception cref="TimeoutException">It did not come there within the limit: the database is away.</exception>
    public async Task WhenWrittenAsync(TimeSpan limit)
    {
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

    /// <summary>So many more are in the database.</summary>
    public void MarkWritten(int count)
    {
        lock (_gate)
        {
            var written = Interlocked.Add(ref _written, count);
            foreach (var (_, waiter) in _waiters.Where(w => w.Count <= written))
            {
                waiter.SetResult();
            }
            _waiters.RemoveAll(w => w.Count <= written);
            IsAwaited = _waiters.Count > 0;
        }
    }

    /// <summary>No more calls come: the writer drains what is there and ends.</summary>
    public void Complete() => _channel.Writer.TryComplete();
}
