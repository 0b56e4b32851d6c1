namespace Gateway.Core.Storage.Entities;

/// <summary>
/// An id of a user, key, team, model or tier, and the number that stands for it in the ledger and its sums. Never deleted.
/// </summary>
public sealed class LedgerName
{
    /// <summary>The number, from 1. In sums 0 stands for none.</summary>
    public int Number { get; set; }

    /// <summary>The id.</summary>
    public required string Name { get; set; }
}
