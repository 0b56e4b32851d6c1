namespace Gateway.Sandbox.Ledger;

/// <summary>How a call ended, in one piece.</summary>
internal readonly record struct LedgerEnd(
    SandboxOutcome Outcome,
    int Status,
    string? RequestId,
    SandboxUsage Usage,
    bool UsageReported,
    double Cost,
    int ChunksSent,
    long ContentBytesSent,
    DateTimeOffset At
);
