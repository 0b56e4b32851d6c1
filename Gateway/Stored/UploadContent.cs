using System.IO.Pipelines;
using System.Net;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;

namespace Gateway.Stored;

/// <summary>
/// The body of an upload on its way to the upstream: each piece is looked at and sent on, none is kept. One that is refused on the way
/// breaks off, so that the upstream makes no file of it; the last piece leaves when all of it is good.
/// </summary>
internal sealed class UploadContent : HttpContent
{
    private const int MostAhead = 64 * 1024;

    private readonly PipeReader _client;
    private readonly FormScanner _scanner;
    private readonly UploadSink _sink;
    private readonly Func<ValueTask<Refusal?>> _check;
    private readonly BodyOptions _options;
    private readonly CancellationToken _stop;
    private readonly PooledBuffer _ahead = new(4 * 1024);
    private long _bytes;
    private bool _isChecked;

    public UploadContent(
        HttpRequest request,
        FormScanner scanner,
        UploadSink sink,
        Func<ValueTask<Refusal?>> check,
        BodyOptions options,
        CancellationToken stop
    )
    {
        (_client, _scanner, _sink, _check, _options, _stop) = (request.BodyReader, scanner, sink, check, options, stop);
        Headers.TryAddWithoutValidation("Content-Type", FormBoundary.TypeOf(FormBoundary.Of(request.ContentType)!));
        Headers.ContentLength = request.ContentLength;
    }

    /// <summary>Why it was refused; null: it was not.</summary>
    public Refusal? Refusal { get; private set; }

    /// <summary>Reads the beginning, until it is known where the file has to go.</summary>
    public async Task ReadAheadAsync()
    {
        var isOver = false;
        while (!isOver && Refusal is null && !_sink.KnowsUpstream && _ahead.Length < MostAhead)
        {
            isOver = await ReadAsync(piece =>
            {
                _ahead.Append(piece.Span);
                return ValueTask.CompletedTask;
            });
        }
        if (isOver && Refusal is null)
        {
            Refusal = await FinishAsync();
        }
    }

    /// <inheritdoc/>
    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
    {
        await stream.WriteAsync(_ahead.Written, _stop);
        _ahead.Dispose();
        while (!await ReadAsync(piece => stream.WriteAsync(piece, _stop))) { }
        Refusal ??= await FinishAsync();
        if (Refusal is not null)
        {
            throw new IOException("The upload is refused.");
        }
    }

    /// <inheritdoc/>
    protected override bool TryComputeLength(out long length)
    {
        length = Headers.ContentLength ?? 0;
        return Headers.ContentLength is not null;
    }

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        _ahead.Dispose();
        base.Dispose(disposing);
    }

    // True when there is no more.
    private async Task<bool> ReadAsync(Func<ReadOnlyMemory<byte>, ValueTask> take)
    {
        var read = await ReceiveAsync();
        try
        {
            foreach (var piece in read.Buffer)
            {
                _bytes += piece.Length;
                Refusal = _bytes > _options.MaxFileBytes ? Refusals.BodyTooLarge(_options.MaxFileBytes) : _scanner.Feed(piece.Span);
                if (Refusal is null && _scanner.IsWhole && !_isChecked)
                {
                    Refusal = await FinishAsync();
                }
                if (Refusal is not null)
                {
                    throw new IOException("The upload is refused.");
                }
                await take(piece);
            }
            return read.IsCompleted;
        }
        finally
        {
            _client.AdvanceTo(read.Buffer.End);
        }
    }

    private async ValueTask<ReadResult> ReceiveAsync()
    {
        try
        {
            return await _client.ReadAsync(_stop);
        }
        catch (Exception fault) when (fault is IOException or OperationCanceledException)
        {
            var isSlow = fault is OperationCanceledException or BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout };
            Refusal = isSlow ? Refusals.SlowBody : Refusals.InvalidForm("it breaks off");
            throw new IOException("The upload breaks off.", fault);
        }
    }

    // Before its end goes on.
    private async ValueTask<Refusal?> FinishAsync()
    {
        if (_isChecked)
        {
            return null;
        }
        _isChecked = true;
        return _scanner.Finish() ?? _sink.Finish() ?? await _check();
    }
}
