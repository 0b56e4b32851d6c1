using System.Threading.Channels;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Ledger;

/// <summary>Prompts and answers on their way to the database. When too many wait, further ones are left out: they are no money.</summary>
internal sealed class ContentQueue(LedgerOptions options)
{
    private readonly Channel<RequestContent> _channel = Channel.CreateBounded<RequestContent>(
        new BoundedChannelOptions(options.ContentQueueSize) { SingleReader = true }
    );
    private long _leftOut;

    public ChannelReader<RequestContent> Reader => _channel.Reader;

    /// <summary>How many were left out so far.</summary>
    public long LeftOut => Interlocked.Read(ref _leftOut);

    public void TryAdd(RequestContent content)
    {
        if (!_channel.Writer.TryWrite(content))
        {
            Interlocked.Increment(ref _leftOut);
        }
    }

    /// <summary>No more come.</summary>
    public void Complete() => _channel.Writer.TryComplete();
}
