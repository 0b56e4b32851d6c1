namespace Gateway.Core.Storage.Entities;

/// <summary>
/// How many rows of a list were made in a day: how long a list is and where a page of it lies is told by few rows, where the database would
/// count a million.
/// </summary>
public sealed class RowCount
{
    /// <summary>The table that the rows are in.</summary>
    public required string List { get; set; }

    /// <summary>The day, UTC.</summary>
    public DateTime Day { get; set; }

    /// <summary><see cref="ICountedRow.Kind"/> of the rows.</summary>
    public required string Kind { get; set; }

    /// <summary><see cref="ICountedRow.Detail"/> of the rows.</summary>
    public required string Detail { get; set; }

    /// <summary>How many there are.</summary>
    public long Entries { get; set; }
}
