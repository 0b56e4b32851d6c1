using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>
/// Meters a stream of chat or text completion chunks, or of Messages or Responses events, while it passes: show it each event, close at the
/// end. Usage is found by the
/// <c>usage</c> member, never by empty <c>choices</c>; several are put together. Allocates nothing per chunk. Not thread-safe;
/// <see cref="Reset"/> makes it new for the next call.
/// </summary>
public sealed class StreamMeter(UsageShape shape = UsageShape.OpenAi) : IDisposable
{
    private const int LongestDoneMark = 16;

    private readonly JsonMemberScanner _scanner = new(root: RootOf(shape));
    private readonly byte[] _head = new byte[LongestDoneMark];
    private AnswerLedger _ledger;
    private bool _isWithinEvent;
    private long _eventDataBytes;
    private long _eventStrayBytes;

    /// <summary>UTF-8 bytes of generated text so far, unescaped, of whole events.</summary>
    public long ContentBytes => _ledger.ContentBytes;

    /// <summary>Chunks so far that brought generated text: each is a token at least.</summary>
    public long ContentChunks { get; private set; }

    /// <summary>What the answer said so far that it used; null when it said nothing yet.</summary>
    public (TokenUsage Usage, ServiceTier? Tier)? Reported => _ledger.ReportedAs(shape);

    /// <summary>True once a usage was seen, wherever it stood and be it zero.</summary>
    public bool HasUsage => _ledger.HasUsage;

    /// <summary>The answer's id, once it was seen.</summary>
    public string? AnswerId => _ledger.Id;

    /// <summary>True when anything was generated so far.</summary>
    public bool HasContent => _ledger.HasContent;

    /// <summary>True once <c>[DONE]</c>, or the last event of a Messages stream, was seen: nothing is to come.</summary>
    public bool IsDone { get; private set; }

    /// <summary>
    /// True once the answer is whole: its end was seen, or, of a Responses stream, the event that holds all of it (<c>[DONE]</c> may
    /// follow).
    /// </summary>
    public bool IsWhole { get; private set; }

    /// <summary>Events so far that are part of an answer, for the number of one that is added.</summary>
    public long Events { get; private set; }

    /// <summary>Messages: blocks of content that have begun.</summary>
    public int Blocks { get; private set; }

    /// <summary>Messages: whether the last block has not ended yet.</summary>
    public bool IsWithinBlock { get; private set; }

    /// <summary>True once some choice said why it ended.</summary>
    public bool HasFinishReason { get; private set; }

    /// <summary>
    /// Whether what was read so far of an event too large to hold says something to a client: text, a role, why it ended.
    /// </summary>
    public bool SaysSomething => _scanner.HasContent || _scanner.HasFinishReason || _scanner.HasMessageMember;

    /// <summary>Whether the last event too large to hold is whole JSON, <c>[DONE]</c>, or nothing to read.</summary>
    public bool IsLastWhole => _eventDataBytes == 0 || IsDone || _scanner.Status == JsonScanState.Complete;

    /// <summary>
    /// The <c>error</c> member of the event that was read last, as JSON; empty when there is none, or when it is too large to keep.
    /// </summary>
    public ReadOnlySpan<byte> LastError => _scanner.Captured(AnswerMember.Error);

    /// <summary>Takes one event and says what the relay should know of it.</summary>
    public ChunkReport Observe(in SseEvent sseEvent)
    {
        if (sseEvent.Kind == SseEventKind.Fragment)
        {
            return ObserveFragment(sseEvent);
        }
        if (!sseEvent.HasData)
        {
            return new(ChunkKind.Other);
        }
        var data = sseEvent.Data;
        if (IsDoneMark(data))
        {
            IsDone = true;
            IsWhole |= shape != UsageShape.Responses; // there it follows a stream that broke, too
            return new(ChunkKind.Done);
        }
        _scanner.Reset();
        _scanner.Feed(data);
        return Judge(sseEvent.Name, data);
    }

    /// <summary>The stream ended within an event too large to hold: what came of it counts. Says what it is, as far as it came.</summary>
    public ChunkReport EndWithinEvent() => _isWithinEvent ? EndEvent(default) : new(ChunkKind.Other);

    private ChunkReport ObserveFragment(in SseEvent piece)
    {
        if (!_isWithinEvent)
        {
            _isWithinEvent = true;
            _eventDataBytes = 0;
            _eventStrayBytes = 0;
            _scanner.Reset();
        }
        if (piece.BeginsNextLine)
        {
            Feed("\n"u8);
        }
        Feed(piece.Data);
        _eventStrayBytes += piece.StrayBytes;
        return piece.EndsEvent ? EndEvent(piece.Name) : new(ChunkKind.Fragment);
    }

    private void Feed(ReadOnlySpan<byte> data)
    {
        if (_eventDataBytes + data.Length <= LongestDoneMark)
        {
            data.CopyTo(_head.AsSpan((int)_eventDataBytes));
        }
        _eventDataBytes += data.Length;
        _scanner.Feed(data);
    }

    private ChunkReport EndEvent(ReadOnlySpan<byte> name)
    {
        _isWithinEvent = false;
        // So much that no reader understands was all the same made by somebody: it counts as text, but never as a reason to hold more.
        _ledger.StrayBytes += _eventStrayBytes + (_scanner.Root == JsonRoot.Object ? 0 : _eventDataBytes);
        if (_eventDataBytes == 0)
        {
            return new(ChunkKind.Other);
        }
        if (_eventDataBytes < LongestDoneMark && IsDoneMark(_head.AsSpan(0, (int)_eventDataBytes)))
        {
            IsDone = true;
            IsWhole |= shape != UsageShape.Responses; // there it follows a stream that broke, too
            return new(ChunkKind.Done);
        }
        return Judge(name, default);
    }

    private ChunkReport Judge(ReadOnlySpan<byte> name, ReadOnlySpan<byte> data)
    {
        var hasUsage = _ledger.Take(_scanner);
        Follow(_scanner.Event);
        HasFinishReason |= _scanner.HasFinishReason;
        ContentChunks += _scanner.HasContent ? 1 : 0;
        if (AnswerLedger.HasError(_scanner) || name.SequenceEqual("error"u8) || IsBareError(data, hasUsage))
        {
            _ledger.Fail(AnswerText.ReadError(data)); // keeps the first: only for an error event without an error member
            return new(ChunkKind.Error);
        }
        if (_scanner.Status != JsonScanState.Complete || _scanner.Root != JsonRoot.Object)
        {
            return new(ChunkKind.Other);
        }
        return hasUsage ? WithUsage(data) : new(ChunkKind.Content);
    }

    /// <summary>The result, at the stream's end or when the client has gone.</summary>
    /// <param name="requestBodyBytes">Size of the request's body, for an estimate of its tokens.</param>
    public MeteredAnswer Close(long requestBodyBytes)
    {
        EndWithinEvent();
        return _ledger.Close(shape, requestBodyBytes, hasProperEnd: IsWhole);
    }

    /// <summary>Makes the meter new; keeps its buffers.</summary>
    public void Reset()
    {
        _scanner.Reset();
        _ledger = default;
        _isWithinEvent = false;
        IsDone = false;
        IsWhole = false;
        Events = 0;
        Blocks = 0;
        IsWithinBlock = false;
        HasFinishReason = false;
        ContentChunks = 0;
    }

    public void Dispose()
    {
        _scanner.Dispose();
        Reset();
    }

    private static AnswerRole RootOf(UsageShape shape) =>
        shape switch
        {
            UsageShape.Messages => AnswerRole.MessagesEvent,
            UsageShape.Responses => AnswerRole.ResponsesEvent,
            UsageShape.Pieces => AnswerRole.Pieces,
            _ => AnswerRole.Root,
        };

    private void Follow(AnswerEvent told)
    {
        Events++;
        switch (told)
        {
            case AnswerEvent.BlockStart:
                Blocks++;
                IsWithinBlock = true;
                break;
            case AnswerEvent.BlockStop:
                IsWithinBlock = false;
                break;
            case AnswerEvent.MessageStop:
                IsDone = IsWhole = true;
                break;
            case AnswerEvent.ResponseCompleted or AnswerEvent.ResponseIncomplete or AnswerEvent.PieceDone:
                IsWhole = true;
                break;
        }
    }

    // An event that is no part of an answer may be an error without an error member (vLLM's, DashScope's, Google's array).
    private bool IsBareError(ReadOnlySpan<byte> data, bool hasUsage) =>
        _scanner is { Status: JsonScanState.Complete, HasAnswerPart: false, HasContent: false, HasUsage: false }
        && !hasUsage
        && ErrorEnvelope.IsBareError(data);

    private ChunkReport WithUsage(ReadOnlySpan<byte> data)
    {
        var kind = SaysSomething ? ChunkKind.ContentWithUsage : ChunkKind.UsageOnly;
        if (data.IsEmpty)
        {
            return new(kind); // of an event too large to hold nobody can say where
        }
        var (start, end) = _scanner.RangeOf(AnswerMember.Usage);
        var (from, to) = WithComma(data, (int)start, (int)end);
        return new(kind, from, to - from);
    }

    /// <summary>Widens a member's range by the comma before it or, for the first member, by the one after it.</summary>
    private static (int From, int To) WithComma(ReadOnlySpan<byte> data, int from, int to)
    {
        var before = data[..from].TrimEnd(" \t\r\n"u8);
        if (before.EndsWith(","u8))
        {
            return (before.Length - 1, to);
        }
        var behind = data[to..].TrimStart(" \t\r\n"u8);
        return behind.StartsWith(","u8) ? (from, data.Length - behind.Length + 1) : (from, to);
    }

    private static bool IsDoneMark(ReadOnlySpan<byte> data) =>
        data.Length < LongestDoneMark && data.Trim(" \t"u8).SequenceEqual("[DONE]"u8);
}
