namespace Gateway.Core.Journal;

/// <summary>What came of an append.</summary>
/// <param name="Outcome">Whether the record is in the journal.</param>
/// <param name="Position">Where; no record unless the outcome is <see cref="JournalOutcome.Published"/>. The call's next record names it as
/// its predecessor.</param>
public readonly record struct JournalAppend(JournalOutcome Outcome, JournalPosition Position)
{
    /// <summary>Whether the record survives the process from now on.</summary>
    public bool IsPublished => Outcome == JournalOutcome.Published;
}
