using System.Text;
using System.Text.Json;
using Gateway.Core.Buffers;
using Gateway.Core.Usage;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Chats;

/// <summary>
/// The other end of an inner call: takes what the relays write, in OpenAI's form, and keeps the text of the answer. What a client is told
/// of it, and when, is said by who derives from it.
/// </summary>
internal class AnswerSink : IHttpResponseFeature
{
    private const int LongestEvent = 32 * 1024 * 1024;
    private const int LongestPlain = 64 * 1024 * 1024;

    private readonly StringBuilder _text = new();
    private readonly SseEventReader _events = new(LongestEvent);
    private readonly PooledBuffer _plain = new(4_096);
    private HttpResponse? _response;

    public AnswerSink() => Body = new SinkStream(this);

    /// <summary>Where the relays write to.</summary>
    public Stream Body { get; set; }

    public int StatusCode { get; set; } = StatusCodes.Status200OK;

    public string? ReasonPhrase { get; set; }

    public IHeaderDictionary Headers { get; set; } = new HeaderDictionary();

    public bool HasStarted { get; private set; }

    /// <summary>The text of the answer so far.</summary>
    public string Text => _text.ToString();

    /// <summary>Whether any text came.</summary>
    public bool HasText => _text.Length > 0;

    /// <summary>The error that the answer was, or ended with; null: none.</summary>
    public ChatFault? Fault { get; private set; }

    /// <summary>Belongs to a response from now on.</summary>
    public void Bind(HttpResponse response) => _response = response;

    public void OnStarting(Func<object, Task> callback, object state) { }

    public void OnCompleted(Func<object, Task> callback, object state) { }

    /// <summary>The answer has ended: reads what came in one piece.</summary>
    public async ValueTask EndAsync()
    {
        if (_plain.Length > 0)
        {
            using var document = TryParse(_plain.Written);
            if (document is not null)
            {
                await ReadAsync(document.RootElement, "message");
            }
            _plain.Clear();
        }
    }

    /// <summary>More text came.</summary>
    protected virtual ValueTask OnTextAsync(string text) => ValueTask.CompletedTask;

    /// <summary>The upstream's answer begins.</summary>
    protected virtual ValueTask OnStartAsync() => ValueTask.CompletedTask;

    private async ValueTask TakeAsync(ReadOnlyMemory<byte> bytes)
    {
        HasStarted = true;
        if (_response!.ContentType?.StartsWith("text/event-stream", StringComparison.OrdinalIgnoreCase) != true)
        {
            if (_plain.Length + bytes.Length <= LongestPlain)
            {
                _plain.Append(bytes.Span);
            }
            return;
        }
        await OnStartAsync();
        foreach (var data in Cut(bytes.Span))
        {
            using var document = TryParse(data);
            if (document is not null)
            {
                await ReadAsync(document.RootElement, "delta");
            }
        }
    }

    private List<byte[]> Cut(ReadOnlySpan<byte> bytes)
    {
        List<byte[]> data = [];
        while (_events.TryRead(ref bytes, out var sseEvent))
        {
            if (sseEvent.HasData)
            {
                data.Add(sseEvent.Data.ToArray());
            }
        }
        return data;
    }

    private async ValueTask ReadAsync(JsonElement answer, string member)
    {
        if (answer.ValueKind != JsonValueKind.Object)
        {
            return;
        }
        if (answer.TryGetProperty("error", out var error) && error.ValueKind == JsonValueKind.Object)
        {
            Fault ??= FaultOf(error);
            return;
        }
        if (TextOf(answer, member) is { Length: > 0 } text)
        {
            _text.Append(text);
            await OnTextAsync(text);
        }
    }

    // A first event that is an error has its own status; one behind others tells only its code.
    private ChatFault FaultOf(JsonElement error)
    {
        var code = StringOf(error, "code") ?? StringOf(error, "type");
        var status =
            StatusCode >= 400 ? StatusCode
            : code == "upstream_timeout" ? 504
            : 502;
        return ChatFaults.OfUpstream(status, code, StringOf(error, "message") ?? ChatFault.Upstream.Text);
    }

    private static string? TextOf(JsonElement answer, string member)
    {
        if (!answer.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array)
        {
            return null;
        }
        foreach (var choice in choices.EnumerateArray())
        {
            if (
                choice.ValueKind == JsonValueKind.Object
                && choice.TryGetProperty(member, out var said)
                && said.ValueKind == JsonValueKind.Object
            )
            {
                return StringOf(said, "content") is { Length: > 0 } content ? content : StringOf(said, "refusal");
            }
        }
        return null;
    }

    private static string? StringOf(JsonElement element, string member) =>
        element.TryGetProperty(member, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static JsonDocument? TryParse(ReadOnlyMemory<byte> json)
    {
        try
        {
            return JsonDocument.Parse(json);
        }
        catch (JsonException)
        {
            return null; // [DONE], or what no client could read either
        }
    }

    private sealed class SinkStream(AnswerSink sink) : Stream
    {
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException("The answer is written once, forward.");

        public override long Position
        {
            get => throw new NotSupportedException("The answer is written once, forward.");
            set => throw new NotSupportedException("The answer is written once, forward.");
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            sink.TakeAsync(buffer);

        public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
            WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

        public override void Flush() { }

        public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("The answer is written only.");

        public override long Seek(long offset, SeekOrigin origin) =>
            throw new NotSupportedException("The answer is written once, forward.");

        public override void SetLength(long value) => throw new NotSupportedException("The answer is written once, forward.");

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("Write asynchronously.");
    }
}
