using Gateway.Core.Ledger;

namespace Gateway.Admin.Ledger;

/// <summary>
/// How many counters were compared, and what differs, in nano-dollars like the columns that it names: the first of them, and how many; and
/// the calls that the database does not take.
/// </summary>
internal sealed record LedgerCheckData(
    long Checked,
    IReadOnlyList<LedgerDifference> Differences,
    long DifferenceCount,
    bool IsClean,
    long Records,
    decimal TotalCost,
    DateTime? RecordsSince,
    long SetAsideCount,
    IReadOnlyList<SetAsideCall> SetAside
);
