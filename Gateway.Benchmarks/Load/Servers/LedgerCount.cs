namespace Gateway.Benchmarks.Load.Servers;

/// <summary>What stands in the gateway's ledger.</summary>
internal sealed record LedgerCount(long Records, long TotalCostNanoUsd);
