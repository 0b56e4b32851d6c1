namespace Gateway.Core.Storage.Entities;

/// <summary>
/// A row that <see cref="RowCount"/> counts. Such rows are written by EF alone: SQL of one's own would pass the counting by.
/// </summary>
public interface ICountedRow
{
    /// <summary>When it was made.</summary>
    DateTime CreatedAt { get; }

    /// <summary>What rows are counted apart by first.</summary>
    string Kind { get; }

    /// <summary>What rows are counted apart by next.</summary>
    string Detail { get; }
}
