using Gateway.Core.Ledger;

namespace Gateway.Core.Storage.Copying;

/// <summary>What a copy of a database did.</summary>
/// <param name="Tables">Tables of the schema.</param>
/// <param name="Rows">Rows that both databases have now.</param>
/// <param name="CopiedRows">Those of them that this run copied; the others were there from a run before that was stopped.</param>
/// <param name="Differences">Counts and sums that are not alike, as sentences; empty when all are.</param>
/// <param name="Ledger">What <c>ledger check</c> says of the copy.</param>
public sealed record CopyReport(int Tables, long Rows, long CopiedRows, IReadOnlyList<string> Differences, LedgerReport Ledger)
{
    /// <summary>Whether the copy is whole. What the ledger of the source did not have right, its copy has not either.</summary>
    public bool IsWhole => Differences.Count == 0;
}
