using System.Text.Json;
using Gateway.Core.Buffers;
using Gateway.Core.Chats;

namespace Gateway.Chats;

/// <summary>
/// Streams an answer to the client in its framing: each event in one write, at once, and a comment after a while of silence. The stream
/// begins with its first byte; what is refused before has a status of its own.
/// </summary>
internal sealed class StreamSink : AnswerSink, IAsyncDisposable
{
    private static readonly JsonWriterOptions WriterOptions = new() { Encoder = ChatJson.Options.Encoder };
    private static readonly byte[] Comment = ": keep-alive\n\n"u8.ToArray();

    private readonly HttpContext _http;
    private readonly IChatFraming _framing;
    private readonly Turn _turn;
    private readonly bool _drains;
    private readonly TimeProvider _time;
    private readonly TimeSpan _silence;
    private readonly SemaphoreSlim _gate = new(1, 1); // the comments come from elsewhere
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _comments;
    private long _lastWrite;
    private bool _isStarted;

    /// <param name="http">The client.</param>
    /// <param name="framing">How it wants its events.</param>
    /// <param name="turn">What is answered.</param>
    /// <param name="drains">Whether the answer is wanted though the client is gone.</param>
    /// <param name="silence">After how much of it a comment goes out.</param>
    /// <param name="time">The clock.</param>
    public StreamSink(HttpContext http, IChatFraming framing, Turn turn, bool drains, TimeSpan silence, TimeProvider time)
    {
        (_http, _framing, _turn, _drains, _silence, _time) = (http, framing, turn, drains, silence, time);
        _lastWrite = time.GetTimestamp();
        _comments = CommentAsync();
    }

    /// <summary>The last event of an answer that is stored.</summary>
    public ValueTask CompleteAsync(MessageView message) => WriteAsync(_framing.Opening, json => _framing.WriteEnd(json, message));

    /// <summary>The last event of one that failed; before the first byte it is an ordinary error.</summary>
    public async ValueTask FailAsync(ChatFault fault)
    {
        await StopCommentsAsync();
        if (_http.Response.HasStarted)
        {
            await WriteAsync(_framing.ErrorOpening, json => _framing.WriteError(json, fault));
        }
        else
        {
            await fault.WriteAsync(_http);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopCommentsAsync();
        _stop.Dispose();
        _gate.Dispose();
    }

    protected override async ValueTask OnStartAsync()
    {
        if (!_isStarted)
        {
            _isStarted = true;
            if (_framing.HasStart)
            {
                await WriteAsync(_framing.Opening, json => _framing.WriteStart(json, _turn.Model.Name));
            }
        }
    }

    protected override async ValueTask OnTextAsync(string text)
    {
        _turn.Draft = Text;
        await OnStartAsync();
        await WriteAsync(_framing.Opening, json => _framing.WriteText(json, text));
    }

    private ValueTask WriteAsync(ReadOnlySpan<byte> opening, Action<Utf8JsonWriter> write)
    {
        var frame = new PooledBuffer(512);
        frame.Append(opening);
        using (var json = new Utf8JsonWriter(frame, WriterOptions))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }
        frame.Append("\n\n"u8);
        return SendAsync(frame);
    }

    private async ValueTask SendAsync(PooledBuffer frame)
    {
        using (frame)
        {
            await SendAsync(frame.Written);
        }
    }

    private async ValueTask SendAsync(ReadOnlyMemory<byte> bytes)
    {
        await _gate.WaitAsync();
        try
        {
            if (!_http.Response.HasStarted)
            {
                OpenStream(_http.Response);
            }
            _lastWrite = _time.GetTimestamp();
            await _http.Response.Body.WriteAsync(bytes, _http.RequestAborted);
        }
        catch (Exception gone) when (_drains && gone is IOException or OperationCanceledException)
        {
            // The chat goes on reading.
        }
        finally
        {
            _gate.Release();
        }
    }

    private static void OpenStream(HttpResponse response)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache, no-transform";
        response.Headers["X-Accel-Buffering"] = "no";
    }

    private async Task CommentAsync()
    {
        try
        {
            while (true)
            {
                var silent = _time.GetElapsedTime(Volatile.Read(ref _lastWrite));
                if (silent >= _silence)
                {
                    await SendAsync(Comment);
                    continue;
                }
                await Task.Delay(_silence - silent, _time, _stop.Token);
            }
        }
        catch (Exception fault) when (fault is OperationCanceledException or IOException or ObjectDisposedException)
        {
            // The answer has ended, or the client is gone.
        }
    }

    private async Task StopCommentsAsync()
    {
        await _stop.CancelAsync();
        await _comments;
    }
}
