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
    private bool _hasData;

    /// <summary>What was used so far.</summary>
    public StreamMeter Meter { get; } = new();

    /// <summary>Bytes to send next.</summary>
    public PooledBuffer Output { get; } = new(FirstOutputBytes);

    /// <summary>The error that stood in the stream, with the status that it stands for; null while there was none.</summary>
    public (int Status, OpenAiError Error)? Error { get; private set; }

    /// <summary>Whether that error was the first thing the upstream said (comments aside): then a status can still say it.</summary>
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

    private void Take(in SseEvent sseEvent)
    {
        var report = Meter.Observe(sseEvent);
        if (report.Kind == ChunkKind.Error)
        {
            TakeError(sseEvent);
            return;
        }
        _hasData |= sseEvent.HasData || report.Kind == ChunkKind.Fragment;
        switch (report.Kind)
        {
            case ChunkKind.UsageOnly when !clientWantsUsage:
                HasUsage = true;
                return;
            case ChunkKind.ContentWithUsage when !clientWantsUsage:
                HasUsage = true;
                ChunkRewriter.WriteWithoutUsage(sseEvent, report, Output);
                return;
            case ChunkKind.UsageOnly or ChunkKind.ContentWithUsage:
                HasUsage = true;
                break;
        }
        Output.Append(sseEvent.Raw);
    }

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
        IsErrorFirst |= Error is null && !_hasData;
        Error ??= (status, error);
        AppendError(error, requestId: null);
    }
}
