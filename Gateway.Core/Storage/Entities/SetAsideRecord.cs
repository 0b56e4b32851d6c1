namespace Gateway.Core.Storage.Entities;

/// <summary>
/// An ended call that the database does not take as a row of the ledger, kept whole so that it can be written when what was wrong is
/// mended (<c>ledger retry</c>). Its columns are of a kind that every database takes.
/// </summary>
public sealed class SetAsideRecord
{
    /// <summary>The call's id: that of the row it was to be.</summary>
    public required string Id { get; set; }

    /// <summary>The row, as JSON in ASCII.</summary>
    public required string Record { get; set; }

    /// <summary>Why it was not taken: the database's words, cut.</summary>
    public required string Fault { get; set; }

    /// <summary>When it was set aside, UTC.</summary>
    public DateTime SetAsideAt { get; set; }
}
