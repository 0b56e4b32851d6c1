namespace Gateway.Core.Journal;

/// <summary>Whether a record is in the journal, and if not, why.</summary>
public enum JournalOutcome
{
    /// <summary>
    /// It survives the end of the process from now on, and a power loss once <see cref="CallJournal.SyncedAsync"/> says so.
    /// </summary>
    Published,

    /// <summary>
    /// There is no room and none could be made (<c>journal_full</c>). Nothing was written; what was published before is untouched.
    /// </summary>
    Full,

    /// <summary>The record is larger than a journal record may be. Nothing was written.</summary>
    TooLarge,

    /// <summary>The journal was closed. Nothing was written.</summary>
    Closed,
}
