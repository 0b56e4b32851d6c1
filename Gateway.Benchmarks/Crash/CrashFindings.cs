namespace Gateway.Benchmarks.Crash;

/// <summary>What the comparison found. All is well when <see cref="IsClean"/>.</summary>
internal sealed record CrashFindings
{
    /// <summary>Calls whose whole answer a client got.</summary>
    public required int Received { get; init; }

    /// <summary>Calls in the upstream's spend log.</summary>
    public required int Upstream { get; init; }

    /// <summary>Rows of the gateway's ledger.</summary>
    public required int Charged { get; init; }

    /// <summary>Those among them that were in flight at a kill.</summary>
    public required int ChargedAtBound { get; init; }

    /// <summary>Received and not in the ledger.</summary>
    public required int Lost { get; init; }

    /// <summary>In the upstream's spend log and not in the ledger.</summary>
    public required int LostUpstream { get; init; }

    /// <summary>Of those in flight at a kill, the ones whose hold was written down and that the kill kept from going upstream.</summary>
    public required int NeverSent { get; init; }

    /// <summary>Charged, not in the upstream's spend log, and not in flight at a kill.</summary>
    public required int Invented { get; init; }

    /// <summary>More than once in the ledger.</summary>
    public required int Doubled { get; init; }

    /// <summary>Received, and in the ledger with other tokens or another cost than the upstream's spend log has.</summary>
    public required int Inexact { get; init; }

    /// <summary>Whether the user's total is another than the sum of the rows.</summary>
    public required bool TotalsDiffer { get; init; }

    /// <summary>Budgets above their cap.</summary>
    public required int OverCap { get; init; }

    /// <summary>Counters that the ledger's check found wrong.</summary>
    public required long LedgerDifferences { get; init; }

    /// <summary>Nothing lost, nothing doubled, nothing wrong.</summary>
    public bool IsClean => Lost + LostUpstream + Invented + Doubled + Inexact + OverCap + LedgerDifferences == 0 && !TotalsDiffer;
}
