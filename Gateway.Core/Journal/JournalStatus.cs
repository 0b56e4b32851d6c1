namespace Gateway.Core.Journal;

/// <summary>The state of a journal.</summary>
/// <param name="Segments">Files, the empty next one included.</param>
/// <param name="Bytes">Their size on disk.</param>
/// <param name="UnconfirmedRecords">Records of calls that are neither in the database nor released.</param>
/// <param name="OldestCallAt">When the oldest of those calls was admitted, UTC; null when there is none.</param>
/// <param name="IsFull">Whether calls that cost money have to be refused (<c>journal_full</c>).</param>
/// <param name="Fault">Why no next segment can be made, for the operator; null when all is well.</param>
public readonly record struct JournalStatus(
    int Segments,
    long Bytes,
    long UnconfirmedRecords,
    DateTime? OldestCallAt,
    bool IsFull,
    string? Fault
);
