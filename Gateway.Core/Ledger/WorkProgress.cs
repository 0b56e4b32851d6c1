namespace Gateway.Core.Ledger;

/// <summary>How far work over the ledger's rows is.</summary>
/// <param name="Done">Rows that are done.</param>
/// <param name="Total">Rows in all, as they were counted at the beginning; more may have come.</param>
public readonly record struct WorkProgress(long Done, long Total);
