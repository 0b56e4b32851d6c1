namespace Gateway.Core.Ledger;

/// <summary>What a check of the ledger found.</summary>
/// <param name="Records">Rows of the ledger that were added up.</param>
/// <param name="TotalCostNanoUsd">What they cost together, nano-dollars.</param>
/// <param name="Counters">Counters that were compared.</param>
/// <param name="DifferenceCount">How many of them differ.</param>
/// <param name="Differences">The first of these, at most <see cref="MostShown"/>.</param>
/// <param name="RecordsSince">Rows of calls admitted before this were deleted by the retention; what they added is taken from the daily
/// sums. Null: none were.</param>
public sealed record LedgerReport(
    long Records,
    long TotalCostNanoUsd,
    long Counters,
    long DifferenceCount,
    IReadOnlyList<LedgerDifference> Differences,
    DateTime? RecordsSince
)
{
    /// <summary>The most differences that a report lists.</summary>
    public const int MostShown = 1_000;

    /// <summary>
    /// How many ended calls were set aside, because the database does not take them: they are missing in the rows and in the counters
    /// alike.
    /// </summary>
    public long SetAsideCount { get; init; }

    /// <summary>The oldest of these, at most <see cref="MostShown"/>.</summary>
    public IReadOnlyList<SetAsideCall> SetAside { get; init; } = [];

    /// <summary>Whether nothing differs and nothing is missing.</summary>
    public bool IsClean => DifferenceCount == 0 && SetAsideCount == 0;
}
