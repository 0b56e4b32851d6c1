using Gateway.Sandbox.Ledger;

namespace Gateway.Sandbox.Inference;

/// <summary>
/// What every answer needs beside its call: the clock, the book, the texts of this behaviour, and the end of the sandbox.
/// </summary>
internal sealed record AnswerContext(
    SandboxOptions Options,
    TimeProvider Time,
    SandboxLedger Ledger,
    LiteLlmErrors Errors,
    LiteLlmHeaders Headers,
    StoredResponses Responses,
    CancellationToken Stopping
)
{
    public LiteLlmBehaviour Behaviour => Options.Behaviour;

    public bool IsLegacy => Options.Behaviour == LiteLlmBehaviour.Legacy;

    public CostSplit CostOf(InferenceCall call, in SandboxUsage usage) => Accounting.Cost(call.Deployment.Prices, usage, Behaviour);

    /// <summary>Books the end of a call that was answered by a model.</summary>
    public void Close(InferenceCall call, SandboxOutcome outcome, in SandboxUsage usage, bool reported, int chunks = 0, long bytes = 0)
    {
        if (outcome == SandboxOutcome.Complete)
        {
            Responses.Keep(call);
        }
        Ledger.Close(
            call.Entry,
            new LedgerEnd(outcome, 200, call.RequestId, usage, reported, CostOf(call, usage).Total, chunks, bytes, Time.GetUtcNow())
        );
    }

    /// <summary>Books the end of a call that cost nothing.</summary>
    public void CloseUnused(SandboxLedgerEntry entry, SandboxOutcome outcome, int status) =>
        Ledger.Close(entry, new LedgerEnd(outcome, status, null, default, false, 0, 0, 0, Time.GetUtcNow()));

    /// <summary>Waits on the sandbox's clock. False when the sandbox stops, or the given caller leaves, before.</summary>
    public async Task<bool> WaitAsync(TimeSpan delay, CancellationToken caller)
    {
        if (delay <= TimeSpan.Zero && delay != Timeout.InfiniteTimeSpan)
        {
            return !caller.IsCancellationRequested && !Stopping.IsCancellationRequested;
        }
        using var either = CancellationTokenSource.CreateLinkedTokenSource(caller, Stopping);
        try
        {
            await Task.Delay(delay, Time, either.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }
}
