using System.Buffers;
using System.IO.Pipelines;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Core.Usage;

namespace Gateway.Upstream;

/// <summary>
/// The lines of a service of the kind <c>generate_ndjson</c> as OpenAI's answer: <c>{"token":"..."}</c> for each piece of text, then
/// <c>{"done":true}</c>, or <c>{"error":"..."}</c>. Each line is passed on when it comes; an answer without its last line is cut off, as it
/// would be at OpenAI.
/// </summary>
internal sealed class GenerateAnswer : Stream
{
    private const int SpaceForJson = 256;

    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Stream _source;
    private readonly PipeReader _lines;
    private readonly bool _isStream;
    private readonly string _head; // of each chunk, or of the answer, up to its choices
    private readonly int _longestLine;
    private readonly ArrayBufferWriter<byte> _output = new(SpaceForJson * 2);
    private int _read;
    private bool _hasBegun;
    private bool _hasEnded;

    public GenerateAnswer(Stream lines, bool isStream, string model, DateTimeOffset created, int longestLine)
    {
        (_source, _isStream, _longestLine) = (lines, isStream, longestLine);
        _lines = PipeReader.Create(lines, new StreamPipeReaderOptions(leaveOpen: true));
        var kind = isStream ? "chat.completion.chunk" : "chat.completion";
        _head =
            $$"""{"id":"chatcmpl-{{Guid.CreateVersion7():N}}","object":"{{kind}}","created":{{created.ToUnixTimeSeconds()}},"""
            + $"\"model\":{Quoted(model)},\"choices\":[{{\"index\":0,";
    }

    public override bool CanRead => true;
    public override bool CanSeek => false;
    public override bool CanWrite => false;
    public override long Length => throw new NotSupportedException("The length is not known before the end.");

    public override long Position
    {
        get => throw new NotSupportedException("The answer is read once, forward.");
        set => throw new NotSupportedException("The answer is read once, forward.");
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_read == _output.WrittenCount)
        {
            if (_hasEnded)
            {
                return 0;
            }
            _output.ResetWrittenCount();
            _read = 0;
            await TakeLinesAsync(cancellationToken);
        }
        var count = Math.Min(buffer.Length, _output.WrittenCount - _read);
        _output.WrittenMemory.Slice(_read, count).CopyTo(buffer);
        _read += count;
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Read asynchronously.");

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("The answer is read once, forward.");

    public override void SetLength(long value) => throw new NotSupportedException("The answer is read only.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("The answer is read only.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _source.Dispose(); // the reader's buffers go with it
        }
        base.Dispose(disposing);
    }

    // All lines that are there.
    private async ValueTask TakeLinesAsync(CancellationToken cancellationToken)
    {
        var read = await _lines.ReadAsync(cancellationToken);
        var rest = read.Buffer;
        while (!_hasEnded && rest.PositionOf((byte)'\n') is { } end)
        {
            Take(rest.Slice(0, end));
            rest = rest.Slice(rest.GetPosition(1, end));
        }
        if (read.IsCompleted && !_hasEnded)
        {
            Take(rest); // the last line may lack its line feed
            rest = rest.Slice(rest.End);
            BreakOff();
        }
        if (rest.Length > _longestLine)
        {
            throw new IOException($"The upstream sent a line of more than {_longestLine} bytes.");
        }
        _lines.AdvanceTo(rest.Start, rest.End);
    }

    private void Take(ReadOnlySequence<byte> line)
    {
        var bytes = line.IsSingleSegment ? line.FirstSpan : line.ToArray();
        if (bytes.Trim(" \t\r"u8).IsEmpty)
        {
            return;
        }
        if (!UpstreamJson.TryParse(bytes, out var told) || told.ValueKind != JsonValueKind.Object)
        {
            throw new IOException("The upstream sent a line that is no JSON object.");
        }
        if (told.TryGetProperty("error", out var error) && error.ValueKind is not (JsonValueKind.Null or JsonValueKind.False))
        {
            Fail(error);
            return;
        }
        if (
            told.TryGetProperty("token", out var token)
            && token.ValueKind == JsonValueKind.String
            && token.GetString() is { Length: > 0 } text
        )
        {
            Say(text);
        }
        if (told.TryGetProperty("done", out var done) && done.ValueKind == JsonValueKind.True)
        {
            End();
        }
    }

    private void Say(string text)
    {
        var quoted = Quoted(text);
        if (_isStream)
        {
            var role = _hasBegun ? "" : "\"role\":\"assistant\",";
            Write($"data: {_head}\"delta\":{{{role}\"content\":{quoted}}},\"finish_reason\":null}}]}}\n\n");
            _hasBegun = true;
            return;
        }
        Begin();
        Write(quoted[1..^1]);
    }

    private void End()
    {
        _hasEnded = true;
        if (_isStream)
        {
            Write($"data: {_head}\"delta\":{{}},\"finish_reason\":\"stop\"}}]}}\n\ndata: [DONE]\n\n");
            return;
        }
        Begin();
        Write("\"},\"finish_reason\":\"stop\"}]}");
    }

    private void Fail(JsonElement error)
    {
        _hasEnded = true;
        if (_hasBegun && !_isStream)
        {
            throw new IOException("The upstream ended its answer with an error.");
        }
        var sentence = error.ValueKind == JsonValueKind.String ? error.GetString()! : ErrorEnvelope.Read(RawOf(error))?.Message;
        var json = $"{{\"error\":{{\"message\":{Quoted(sentence ?? "Upstream error")},\"type\":\"server_error\",\"code\":null}}}}";
        Write(_isStream ? $"data: {json}\n\n" : json);
    }

    private void BreakOff()
    {
        if (_hasEnded)
        {
            return;
        }
        _hasEnded = true;
        if (!_isStream)
        {
            throw new IOException("The upstream's answer has no end.");
        }
    }

    // A plain answer, up to its text.
    private void Begin()
    {
        if (!_hasBegun)
        {
            _hasBegun = true;
            Write($"{_head}\"message\":{{\"role\":\"assistant\",\"content\":\"");
        }
    }

    private void Write(string text) => Encoding.UTF8.GetBytes(text.AsSpan(), _output);

    private static string Quoted(string text) => JsonSerializer.Serialize(text, Plain);

    private static byte[] RawOf(JsonElement value) => JsonSerializer.SerializeToUtf8Bytes(value, Plain);
}
