using System.Text.Json;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;
using Gateway.Errors;

namespace Gateway.Relaying;

/// <summary>
/// Decides event by event what the client sees: pieces of the upstream's stream go in, the bytes to send come out in <see cref="Output"/>. An event goes on
/// whole, as it came; only usage that the client did not ask for is left out, and an error's text is cut to what a client may see.
/// </summary>
internal sealed class EventFilter(bool clientWantsUsage, HubOptions options) : IDisposable
{
    private const int FirstOutputBytes = 8 * 1024;

    private readonly SseEventReader _reader = new(options.MaxEventBytes);
    private bool _hasBegun;
    private bool _endedAtCr;
    private bool _endsWithinEvent;
    private bool _isReplaced;

    /// <summary>What was used so far.</summary>
    public StreamMeter Meter { get; } = new();

    /// <summary>Bytes to send next.</summary>
    public PooledBuffer Output { get; } = new(FirstOutputBytes);

    /// <summary>The error that stood in the stream, with the status that it stands for; null while there was none.</summary>
    public (int Status, OpenAiError Error)? Error { get; private set; }

    /// <summary>
    /// Whether <see cref="Error"/> was the very first event, so that a proper status says it better. Decided by the events alone: how the upstream's bytes
    /// were cut into reads must change nothing.
    /// </summary>
    public bool IsErrorFirst { get; private set; }

    /// <summary>Whether a usage was seen.</summary>
    public bool HasUsage => Meter.HasUsage;

    /// <summary>Whether anything was sent before.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Takes the next bytes.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        while (_reader.TryRead(ref piece, out var sseEvent))
        {
            Take(sseEvent);
        }
    }

    /// <summary>The stream has ended: what is left of it goes out too.</summary>
    public void Finish()
    {
        if (!_reader.TryReadTail(out var tail))
        {
            return;
        }
        var isWhole = !tail.HasData || tail.Data.SequenceEqual("[DONE]"u8) || IsJson(tail.Data);
        Take(tail);
        if (!isWhole && !_isReplaced)
        {
            Output.Clear();   // half an event: no client can read it, and it would swallow the error that follows
        }
        _endsWithinEvent = Output.Length > 0 && !_isReplaced;
    }

    /// <summary>Forgets what was sent.</summary>
    public void MarkSent()
    {
        HasSent = true;
        Output.Clear();
    }

    /// <summary>Adds an error of our own.</summary>
    public void AppendError(OpenAiError error, string? requestId)
    {
        if (_endsWithinEvent)
        {
            Output.Append("\n\n"u8);
        }
        Output.Append("data: "u8);
        Output.Append(OpenAiErrorWriter.Serialize(error, requestId).Span);
        Output.Append("\n\n"u8);
    }

    public void Dispose()
    {
        _reader.Dispose();
        Meter.Dispose();
        Output.Dispose();
    }

    private void Take(in SseEvent received)
    {
        var sseEvent = TakeLineFeed(received);
        var report = Meter.Observe(sseEvent);
        _isReplaced = report.Kind == ChunkKind.Error || (report.Kind == ChunkKind.UsageOnly && !clientWantsUsage);
        if (report.Kind == ChunkKind.Error)
        {
            TakeError(sseEvent);
        }
        else if (report.Kind == ChunkKind.ContentWithUsage && !clientWantsUsage)
        {
            ChunkRewriter.WriteWithoutUsage(sseEvent, report, Output);
        }
        else if (!_isReplaced)
        {
            Output.Append(sseEvent.Raw);
        }
        _hasBegun = true;
        _endedAtCr = sseEvent.Raw.EndsWith("\r"u8);
    }

    // The reader ends an event at its last CR, so as not to hold it back. An LF that follows in the next read still belongs to it, and goes the same way.
    private SseEvent TakeLineFeed(in SseEvent received)
    {
        if (!_endedAtCr || !received.Raw.StartsWith("\n"u8))
        {
            return received;
        }
        if (!_isReplaced)
        {
            Output.Append("\n"u8);
        }
        return new SseEvent
        {
            Raw = received.Raw[1..],
            Data = received.Data,
            DataOffset = received.DataOffset < 0 ? -1 : received.DataOffset - 1,
            Name = received.Name,
            Kind = received.Kind,
            HasData = received.HasData,
            IsInPlace = received.IsInPlace,
        };
    }

    private static bool IsJson(ReadOnlySpan<byte> data)
    {
        var reader = new Utf8JsonReader(data);
        try
        {
            return reader.Read() && reader.TrySkip() && !reader.Read();
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private void TakeError(in SseEvent sseEvent)
    {
        var (status, error) = UpstreamErrorReader.ReadInAnswer(sseEvent.Data.ToArray());
        IsErrorFirst |= !_hasBegun;
        Error ??= (status, error);
        if (UpstreamErrorReader.IsOurs(status, error))
        {
            error = new OpenAiError(Refusals.UpstreamRefused.Message, Refusals.UpstreamRefused.Type, null, Refusals.UpstreamRefused.Code);
        }
        AppendError(error, requestId: null);
    }
}
