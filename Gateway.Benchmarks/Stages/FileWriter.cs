using System.Buffers;
using System.Threading.Channels;
using Gateway.Core.Journal;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Benchmarks.Stages;

/// <summary>
/// The alternative to a mapped journal: records go through a channel to one thread, which appends all that waits with one write, and syncs
/// every 50 ms. The same bytes a record; it does without segments, so that all that it would cost to free room is not even in its figures.
/// </summary>
internal sealed class FileWriter : IDisposable
{
    private static readonly TimeSpan SyncInterval = TimeSpan.FromMilliseconds(50);

    private readonly Channel<Item> _channel = Channel.CreateBounded<Item>(new BoundedChannelOptions(65_536) { SingleReader = true });
    private readonly SafeFileHandle _file;
    private readonly Timer _sync;
    private readonly Task _writing;

    public FileWriter(string path)
    {
        _file = File.OpenHandle(path, FileMode.CreateNew, FileAccess.Write);
        _sync = new Timer(_ => RandomAccess.FlushToDisk(_file), null, SyncInterval, SyncInterval);
        _writing = Task.Factory.StartNew(WriteAsync, TaskCreationOptions.LongRunning).Unwrap();
    }

    /// <summary>Hands a record over: it is lost if the process dies now.</summary>
    public ValueTask AppendAsync<T>(in T source)
        where T : struct, IRecordSource => _channel.Writer.WriteAsync(Encode(in source, null));

    /// <summary>Hands a record over and waits until it survives the process, as a published record of the journal does.</summary>
    public async Task AppendAndWaitAsync<T>(T source)
        where T : struct, IRecordSource
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        await _channel.Writer.WriteAsync(Encode(in source, written));
        await written.Task;
    }

    /// <summary>Waits for all that was handed over before.</summary>
    public Task DrainAsync() => AppendAndWaitAsync(new ReleaseSource(default, 0));

    public void Dispose()
    {
        _channel.Writer.Complete();
        _writing.Wait();
        using (var stopped = new ManualResetEvent(false))
        {
            if (_sync.Dispose(stopped))
            {
                stopped.WaitOne();
            }
        }
        _file.Dispose();
    }

    private static Item Encode<T>(in T source, TaskCompletionSource? written)
        where T : struct, IRecordSource
    {
        var buffer = ArrayPool<byte>.Shared.Rent(1_024);
        var writer = new RecordWriter(buffer.AsSpan(RecordHeader.Bytes));
        source.Write(ref writer);
        var record = buffer.AsSpan(0, RecordHeader.Bytes + writer.Length);
        new RecordHeader(1, default, default, writer.Length, 0).Write(record, RecordHeader.ChecksumOf(record[RecordHeader.Bytes..]));
        return new Item(buffer, record.Length, written);
    }

    private async Task WriteAsync()
    {
        var batch = new byte[1024 * 1024];
        List<TaskCompletionSource> waiting = [];
        for (long at = 0; await _channel.Reader.WaitToReadAsync(); )
        {
            var length = 0;
            while (batch.Length - length >= 1_024 && _channel.Reader.TryRead(out var item))
            {
                item.Buffer.AsSpan(0, item.Length).CopyTo(batch.AsSpan(length));
                length += item.Length;
                ArrayPool<byte>.Shared.Return(item.Buffer);
                if (item.Written is not null)
                {
                    waiting.Add(item.Written);
                }
            }
            RandomAccess.Write(_file, batch.AsSpan(0, length), at);
            at += length;
            waiting.ForEach(w => w.SetResult());
            waiting.Clear();
        }
    }

    private readonly record struct Item(byte[] Buffer, int Length, TaskCompletionSource? Written);
}
