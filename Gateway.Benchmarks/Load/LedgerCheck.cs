namespace Gateway.Benchmarks.Load;

/// <summary>Whether the ledger holds every call that was answered.</summary>
internal sealed record LedgerCheck(long Answered, long Recorded, long TotalCostNanoUsd);
