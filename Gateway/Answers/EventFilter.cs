using System.Text.Json;
using Gateway.Calls;
using Gateway.Core.Buffers;
using Gateway.Core.Configuration;
using Gateway.Core.Usage;

namespace Gateway.Answers;

/// <summary>
/// Decides event by event what the client sees: pieces of the upstream's stream go in, the bytes to send come out in <see cref="Output"/>.
/// An event goes on whole, as it came; only usage that the client did not ask for is left out, and an error's text is cut to what a client
/// may see. After <c>[DONE]</c> and after an error nothing goes on. An event too large to hold goes on as it comes
/// (<see cref="OversizedEvent"/>).
/// </summary>
internal sealed class EventFilter(AnswerForm form, bool clientWantsUsage, AnswerOptions options, bool isOfProvider = false) : IDisposable
{
    private const int FirstOutputBytes = 8 * 1024;

    private readonly SseEventReader _reader = new(options.MaxEventBytes);
    private OversizedEvent? _oversized;
    private bool _hasBegun;
    private bool _endedAtCr;
    private bool _endsWithinEvent;
    private bool _isReplaced;
    private int _wholeLength;

    /// <summary>What was used so far.</summary>
    public StreamMeter Meter { get; } = new(form.Usage);

    /// <summary>Bytes to send next.</summary>
    public PooledBuffer Output { get; } = new(FirstOutputBytes);

    /// <summary>The error that stood in the stream, with the status that it stands for; null while there was none.</summary>
    public (int Status, OpenAiError Error)? Error { get; private set; }

    /// <summary>
    /// Whether <see cref="Error"/> was the very first event, so that a proper status says it better. Decided by the events alone: how the
    /// upstream's bytes were cut into reads must change nothing.
    /// </summary>
    public bool IsErrorFirst { get; private set; }

    /// <summary>Whether a usage was seen.</summary>
    public bool HasUsage => Meter.HasUsage;

    /// <summary>Whether anything was sent before.</summary>
    public bool HasSent { get; private set; }

    /// <summary>Whether the stream ended within an event that the client has a part of: nothing may be added to it.</summary>
    public bool IsTorn { get; private set; }

    /// <summary>Bytes after the stream's proper end, or after an error, that were dropped.</summary>
    public long DroppedBytes { get; private set; }

    /// <summary>Whether there was an event too large to hold.</summary>
    public bool HasOversized => _oversized is not null;

    // A failed response stands in the event with all of its answer.
    private bool IsErrorNested => form.Usage == UsageShape.Responses && !Meter.LastError.IsEmpty;

    private bool IsOver => Meter.IsDone || Error is not null;

    /// <summary>Takes the next bytes.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        if (IsOver)
        {
            Drop(piece);
            return;
        }
        while (_reader.TryRead(ref piece, out var sseEvent))
        {
            Take(sseEvent);
            if (IsOver)
            {
                Drop(piece);
                return;
            }
        }
    }

    /// <summary>The stream has ended: what is left of it goes out too.</summary>
    public void Finish()
    {
        if (IsOver)
        {
            return;
        }
        if (_reader.IsWithinOversize)
        {
            FinishOversized();
            return;
        }
        if (!_reader.TryReadTail(out var tail))
        {
            return;
        }
        var isWhole = !tail.HasData || tail.Data.SequenceEqual("[DONE]"u8) || IsJson(tail.Data);
        var beforeTail = Output.Length + (_endedAtCr && !_isReplaced && tail.Raw.StartsWith("\n"u8) ? 1 : 0); // an LF of the event before
        Take(tail);
        if (!isWhole && !_isReplaced)
        {
            Output.Truncate(beforeTail); // half an event: no client can read it, and it would swallow the error that follows
        }
        _endsWithinEvent = Output.Length > beforeTail && !_isReplaced;
    }

    /// <summary>Forgets what was sent.</summary>
    public void MarkSent()
    {
        HasSent = true;
        Output.Clear();
        _wholeLength = 0;
    }

    /// <summary>Takes back what stands in <see cref="Output"/> of an event that is not whole yet.</summary>
    public void DropUnfinished() => Output.Truncate(_wholeLength);

    /// <summary>Adds an error of our own.</summary>
    public void AppendError(int status, OpenAiError error, string? requestId)
    {
        if (_endsWithinEvent)
        {
            Output.Append("\n\n"u8);
        }
        form.AppendError(Output, status, error, requestId);
    }

    public void Dispose()
    {
        _reader.Dispose();
        _oversized?.Dispose();
        Meter.Dispose();
        Output.Dispose();
    }

    // The LF of the last event's CR still belongs to it.
    private void Drop(ReadOnlySpan<byte> piece)
    {
        if (_endedAtCr && piece.StartsWith("\n"u8))
        {
            _endedAtCr = false;
            piece = piece[1..];
            if (!_isReplaced)
            {
                Output.Append("\n"u8);
            }
        }
        _endedAtCr &= piece.IsEmpty;
        DroppedBytes += piece.Length;
    }

    private void Take(in SseEvent received)
    {
        var sseEvent = TakeLineFeed(received);
        if (sseEvent.Kind == SseEventKind.Fragment)
        {
            TakeFragment(sseEvent);
        }
        else
        {
            TakeWhole(sseEvent);
        }
        _endedAtCr = (sseEvent.Kind != SseEventKind.Fragment || sseEvent.EndsEvent) && sseEvent.Raw.EndsWith("\r"u8);
    }

    private void TakeWhole(in SseEvent sseEvent)
    {
        var report = Observe(sseEvent);
        if (report.Kind == ChunkKind.Error)
        {
            TakeError(IsErrorNested ? ErrorOf(Meter.LastError) : sseEvent.Data.ToArray());
        }
        else if (report.Kind == ChunkKind.ContentWithUsage && !clientWantsUsage)
        {
            ChunkRewriter.WriteWithoutUsage(sseEvent, report, Output);
        }
        else if (!_isReplaced)
        {
            Output.Append(sseEvent.Raw);
        }
        EndEvent();
    }

    private void TakeFragment(in SseEvent piece)
    {
        _oversized ??= new OversizedEvent(clientWantsUsage, options.MaxEventBytes);
        var report = Observe(piece);
        _oversized.Take(piece, Meter.SaysSomething, Output);
        if (piece.EndsEvent)
        {
            EndOversized(report.Kind);
        }
    }

    private void EndOversized(ChunkKind kind)
    {
        _hasBegun |= _oversized!.HasBegun;
        _isReplaced = _oversized.End(kind, Output);
        if (kind == ChunkKind.Error)
        {
            TakeError(ErrorOf(Meter.LastError));
        }
        EndEvent();
    }

    private void FinishOversized()
    {
        var report = Meter.EndWithinEvent();
        Note(report.Kind);
        var isWhole = Meter.IsLastWhole;
        if (_oversized!.HasBegun)
        {
            IsTorn = !isWhole;
            _endsWithinEvent = isWhole;
        }
        else if (!isWhole && report.Kind != ChunkKind.Error)
        {
            _oversized.Forget();
            return;
        }
        var before = Output.Length;
        EndOversized(IsTorn ? ChunkKind.Other : report.Kind);
        _endsWithinEvent |= Output.Length > before && !_isReplaced;
    }

    private ChunkReport Observe(in SseEvent sseEvent)
    {
        var report = Meter.Observe(sseEvent);
        Note(report.Kind);
        return report;
    }

    private void Note(ChunkKind kind)
    {
        _isReplaced = kind == ChunkKind.Error || (kind == ChunkKind.UsageOnly && !clientWantsUsage);
    }

    private void EndEvent()
    {
        _hasBegun = true;
        _wholeLength = Output.Length;
    }

    // All that was kept of an error too large to hold.
    private static byte[] ErrorOf(ReadOnlySpan<byte> error) => error.IsEmpty ? "{}"u8.ToArray() : [.. "{\"error\":"u8, .. error, (byte)'}'];

    // The reader ends an event at its last CR, so as not to hold it back. An LF that follows in the next read still belongs to it, and goes
    // the same way.
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
            EndsEvent = received.EndsEvent,
            BeginsNextLine = received.BeginsNextLine,
            StrayBytes = received.StrayBytes,
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

    private void TakeError(byte[] data)
    {
        var (status, error) = UpstreamErrorReader.ReadInAnswer(data);
        IsErrorFirst |= !_hasBegun;
        Error ??= (status, error);
        if (isOfProvider ? UpstreamErrorReader.IsOursAtProvider(status, error) : UpstreamErrorReader.IsOurs(status, error))
        {
            (status, error) = (Refusals.UpstreamRefused.Status, Refusals.UpstreamRefused.ToError());
        }
        AppendError(status, error, requestId: null);
    }
}
