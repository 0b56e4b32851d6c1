using System.Globalization;
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
    private bool _isReplacedAtCr;

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
    public bool HasUsage { get; private set; }

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
        if (_reader.TryReadTail(out var tail))
        {
            Take(tail);
        }
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
        var sseEvent = _isReplacedAtCr ? WithoutLineFeed(received) : received;
        _isReplacedAtCr = false;
        var report = Meter.Observe(sseEvent);
        HasUsage |= report.Kind is ChunkKind.UsageOnly or ChunkKind.ContentWithUsage;
        switch (report.Kind)
        {
            case ChunkKind.Error:
                TakeError(sseEvent);
                EndReplaced(sseEvent);
                break;
            case ChunkKind.UsageOnly when !clientWantsUsage:
                EndReplaced(sseEvent);
                break;
            case ChunkKind.ContentWithUsage when !clientWantsUsage:
                ChunkRewriter.WriteWithoutUsage(sseEvent, report, Output);
                break;
            default:
                Output.Append(sseEvent.Raw);
                break;
        }
        _hasBegun = true;
    }

    // The reader ends an event at its last CR, so as not to hold it back; an LF that follows later is still part of the line end that did not go out.
    private void EndReplaced(in SseEvent sseEvent) => _isReplacedAtCr = sseEvent.Raw.EndsWith("\r"u8);

    private static SseEvent WithoutLineFeed(in SseEvent sseEvent) => !sseEvent.Raw.StartsWith("\n"u8)
        ? sseEvent
        : new SseEvent
        {
            Raw = sseEvent.Raw[1..],
            Data = sseEvent.Data,
            DataOffset = sseEvent.DataOffset < 0 ? -1 : sseEvent.DataOffset - 1,
            Name = sseEvent.Name,
            Kind = sseEvent.Kind,
            HasData = sseEvent.HasData,
            IsInPlace = sseEvent.IsInPlace,
        };

    private void TakeError(in SseEvent sseEvent)
    {
        var data = sseEvent.Data.ToArray();
        var error = UpstreamErrorReader.Read(StatusCodes.Status500InternalServerError, data);
        var status = int.TryParse(error.Code, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code is >= 400 and < 600 ? code : StatusCodes.Status502BadGateway;
        if (UpstreamErrorReader.IsOurs(status, error))
        {
            error = new OpenAiError(Refusals.UpstreamRefused.Message, Refusals.UpstreamRefused.Type, null, Refusals.UpstreamRefused.Code);
            status = StatusCodes.Status502BadGateway;
        }
        IsErrorFirst |= !_hasBegun;
        Error ??= (status, error);
        AppendError(error, requestId: null);
    }
}
