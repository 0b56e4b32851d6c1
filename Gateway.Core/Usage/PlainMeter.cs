namespace Gateway.Core.Usage;

/// <summary>
/// Meters one JSON answer while its bytes pass: feed each piece as it goes by, close at the end. Holds nothing of the answer but a few
/// small members; allocates nothing per piece. Not thread-safe; <see cref="Reset"/> makes it new for the next call.
/// </summary>
public sealed class PlainMeter(UsageShape shape = UsageShape.OpenAi) : IDisposable
{
    private readonly JsonMemberScanner _scanner = new(root: shape == UsageShape.Pieces ? AnswerRole.Pieces : AnswerRole.Root);

    /// <summary>True when the JSON is whole: the next byte, if any, would be too much.</summary>
    public bool IsWhole => _scanner.Status == JsonScanState.Complete;

    /// <summary>True when the body began as a JSON object: nothing else is an answer.</summary>
    public bool IsObject => _scanner.Root == JsonRoot.Object;

    /// <summary>Takes the next bytes of the body.</summary>
    public void Feed(ReadOnlySpan<byte> bytes) => _scanner.Feed(bytes);

    /// <summary>
    /// The result. A body that is no JSON object, such as LiteLLM's <c>null</c> with status 200, is a failure; one that stops or breaks
    /// after content is truncated.
    /// </summary>
    /// <param name="requestBodyBytes">Size of the request's body, for an estimate of its tokens.</param>
    public MeteredAnswer Close(long requestBodyBytes)
    {
        var ledger = new AnswerLedger();
        ledger.Take(_scanner);
        return ledger.Close(shape, requestBodyBytes, hasProperEnd: IsWhole && _scanner.Root == JsonRoot.Object);
    }

    /// <summary>Makes the meter new; keeps its buffers.</summary>
    public void Reset() => _scanner.Reset();

    public void Dispose() => _scanner.Dispose();
}
