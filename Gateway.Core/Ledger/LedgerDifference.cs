namespace Gateway.Core.Ledger;

/// <summary>A counter that is not what the ledger's rows add up to.</summary>
/// <param name="Table">The table of the counter.</param>
/// <param name="Key">Its row: the members of the key, separated by spaces.</param>
/// <param name="Column">Its column.</param>
/// <param name="Ledger">What the rows add up to; money in nano-dollars.</param>
/// <param name="Stored">What is stored.</param>
public sealed record LedgerDifference(string Table, string Key, string Column, long Ledger, long Stored);
