using System.Threading.Channels;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Recording;

/// <summary>Takes settled calls and sees to it that they reach the ledger. The seam for a durable journal: what is behind it may change, not what is before.</summary>
internal interface IUsageRecorder
{
    /// <summary>Takes a settled call. Completes at once unless the way to the ledger is full; then the answer waits, and nothing is dropped.</summary>
    ValueTask RecordAsync(UsageRecord record);
}

/// <summary>A bounded queue in memory between answers and <see cref="UsageWriter"/>.</summary>
internal sealed class UsageQueue(HubOptions options) : IUsageRecorder
{
    private readonly Channel<UsageRecord> _channel = Channel.CreateBounded<UsageRecord>(
        new BoundedChannelOptions(options.UsageQueueSize) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    public ChannelReader<UsageRecord> Reader => _channel.Reader;

    public ValueTask RecordAsync(UsageRecord record) => _channel.Writer.TryWrite(record) ? default : _channel.Writer.WriteAsync(record);

    /// <summary>No more calls come: the writer drains what is there and ends.</summary>
    public void Complete() => _channel.Writer.TryComplete();
}
