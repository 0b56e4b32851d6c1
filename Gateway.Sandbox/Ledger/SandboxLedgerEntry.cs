namespace Gateway.Sandbox.Ledger;

/// <summary>One call in the book. Changed only by <see cref="SandboxLedger"/>, under its lock.</summary>
internal sealed class SandboxLedgerEntry
{
    private LedgerEnd _end;

    public long Sequence { get; set; }

    public required string CallId { get; init; }

    public required string Key { get; init; }

    public required string Model { get; init; }

    public required string Path { get; init; }

    public required bool Stream { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    public SandboxReceived? Received { get; set; }

    public bool TryClose(in LedgerEnd end)
    {
        if (_end.Outcome != SandboxOutcome.Open)
        {
            return false;
        }
        _end = end;
        return true;
    }

    public SandboxTotals AddTo(SandboxTotals sum) =>
        new(sum.Calls + 1, sum.PromptTokens + _end.Usage.PromptTokens, sum.CompletionTokens + _end.Usage.CompletionTokens);

    public SandboxCall Snapshot() =>
        new()
        {
            Sequence = Sequence,
            CallId = CallId,
            Key = Key,
            Model = Model,
            RequestId = _end.RequestId,
            Path = Path,
            Stream = Stream,
            Status = _end.Status,
            Outcome = _end.Outcome,
            Usage = _end.Usage,
            UsageReported = _end.UsageReported,
            Cost = _end.Cost,
            ChunksSent = _end.ChunksSent,
            ContentBytesSent = _end.ContentBytesSent,
            StartedAt = StartedAt,
            EndedAt = _end.Outcome == SandboxOutcome.Open ? null : _end.At,
            Received = Received,
        };
}
