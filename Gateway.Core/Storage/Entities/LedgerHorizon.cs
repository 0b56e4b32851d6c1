namespace Gateway.Core.Storage.Entities;

/// <summary>How far the retention has come: one row, or none while nothing was deleted.</summary>
public sealed class LedgerHorizon
{
    /// <summary>Always 1.</summary>
    public int Id { get; set; }

    /// <summary>Rows of calls admitted before this, a UTC midnight, are deleted or being deleted; the sums keep them.</summary>
    public DateTime DeletedBefore { get; set; }
}
