using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>What one event of a stream is to the relay.</summary>
public enum ChunkKind : byte
{
    /// <summary>A comment, a stray line, something that is no JSON object: pass it on.</summary>
    Other,
    /// <summary>A chunk without usage: pass it on.</summary>
    Content,
    /// <summary>The usage chunk: nothing else is in it. A client that did not ask for usage does not get it.</summary>
    UsageOnly,
    /// <summary>
    /// Usage in a chunk that also says something (text, a role, why it ended). For a client that did not ask,
    /// <see cref="ChunkRewriter"/> cuts the usage out.
    /// </summary>
    ContentWithUsage,
    /// <summary>An error inside the stream: the call has failed, whatever follows.</summary>
    Error,
    /// <summary><c>[DONE]</c>. By itself it proves nothing.</summary>
    Done,
    /// <summary>A piece of an event too large to read.</summary>
    Fragment,
}

/// <summary>The meter's word on one event.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="UsageStart">Where, within <see cref="SseEvent.Data"/>, the <c>usage</c> member starts, its comma included.</param>
/// <param name="UsageLength">How many bytes it takes; 0 when there is none. Without them the data is still valid JSON.</param>
public readonly record struct ChunkReport(ChunkKind Kind, int UsageStart = 0, int UsageLength = 0);

/// <summary>
/// Meters a stream of chat or text completion chunks while it passes: show it each event, close at the end. Usage is found by the
/// <c>usage</c> member, never by empty <c>choices</c>; several are put together. Allocates nothing per chunk. Not thread-safe;
/// <see cref="Reset"/> makes it new for the next call.
/// </summary>
public sealed class StreamMeter : IDisposable
{
    private readonly JsonMemberScanner _scanner = new();
    private AnswerLedger _ledger;

    /// <summary>UTF-8 bytes of generated text so far, unescaped.</summary>
    public long ContentBytes => _ledger.ContentBytes;

    /// <summary>Chunks so far that brought generated text: each is a token at least.</summary>
    public long ContentChunks { get; private set; }

    /// <summary>What the answer said so far that it used; null when it said nothing yet.</summary>
    public (TokenUsage Usage, ServiceTier? Tier)? Reported => _ledger.ReportedAs(UsageShape.OpenAi);

    /// <summary>True once a usage was seen, wherever it stood and be it zero.</summary>
    public bool HasUsage => _ledger.HasUsage;

    /// <summary>The answer's id, once it was seen.</summary>
    public string? AnswerId => _ledger.Id;

    /// <summary>True when anything was generated so far.</summary>
    public bool HasContent => _ledger.HasContent;

    /// <summary>True once <c>[DONE]</c> was seen.</summary>
    public bool IsDone { get; private set; }

    /// <summary>True once some choice said why it ended.</summary>
    public bool HasFinishReason { get; private set; }

    /// <summary>Takes one event and says what the relay should know of it.</summary>
    public ChunkReport Observe(in SseEvent sseEvent)
    {
        if (sseEvent.Kind == SseEventKind.Fragment)
        {
            // Not read, so taken for text: too much rather than nothing, should the usage never come.
            _ledger.HasContent = true;
            _ledger.ContentBytes += sseEvent.Raw.Length;
            return new(ChunkKind.Fragment);
        }
        if (!sseEvent.HasData)
        {
            return new(ChunkKind.Other);
        }
        var data = sseEvent.Data;
        if (IsDoneMark(data))
        {
            IsDone = true;
            return new(ChunkKind.Done);
        }
        _scanner.Reset();
        _scanner.Feed(data);
        var hasUsage = _ledger.Take(_scanner);
        HasFinishReason |= _scanner.HasFinishReason;
        ContentChunks += _scanner.HasContent ? 1 : 0;
        if (AnswerLedger.HasError(_scanner) || sseEvent.Name.SequenceEqual("error"u8) || IsBareError(data, hasUsage))
        {
            _ledger.Fail(AnswerText.ReadError(data));   // keeps the first: only for an error event without an error member
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
    public MeteredAnswer Close(long requestBodyBytes) => _ledger.Close(UsageShape.OpenAi, requestBodyBytes, hasProperEnd: IsDone);

    /// <summary>Makes the meter new; keeps its buffers.</summary>
    public void Reset()
    {
        _scanner.Reset();
        _ledger = default;
        IsDone = false;
        HasFinishReason = false;
        ContentChunks = 0;
    }

    public void Dispose()
    {
        _scanner.Dispose();
        Reset();
    }

    // An event that is no part of an answer may be an error without an error member (vLLM's, DashScope's, Google's array).
    private bool IsBareError(ReadOnlySpan<byte> data, bool hasUsage) =>
        _scanner is { Status: JsonScanState.Complete, HasAnswerPart: false, HasContent: false, HasUsage: false }
        && !hasUsage
        && ErrorEnvelope.IsBareError(data);

    private ChunkReport WithUsage(ReadOnlySpan<byte> data)
    {
        var (start, end) = _scanner.RangeOf(AnswerMember.Usage);
        var (from, to) = WithComma(data, (int)start, (int)end);
        var saysMore = _scanner.HasContent || _scanner.HasFinishReason || _scanner.HasMessageMember;
        return new(saysMore ? ChunkKind.ContentWithUsage : ChunkKind.UsageOnly, from, to - from);
    }

    /// <summary>Widens a member's range by the comma before it or, for the first member, by the one behind it.</summary>
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

    private static bool IsDoneMark(ReadOnlySpan<byte> data) => data.Length < 16 && data.Trim(" \t"u8).SequenceEqual("[DONE]"u8);
}
