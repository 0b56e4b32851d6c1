namespace Gateway.Admin;

/// <summary>What a sync did.</summary>
/// <param name="Created">Models that came in.</param>
/// <param name="Updated">Models of which something changed.</param>
/// <param name="Unchanged">Models that were as the upstream has them.</param>
/// <param name="CompaniesCreated">Companies that came in with them.</param>
/// <param name="Missing">Models that the upstream no longer has; they are kept.</param>
/// <param name="Errors">What could not be taken.</param>
/// <param name="DurationMs">How long it took, in milliseconds.</param>
public sealed record SyncResult(
    int Created,
    int Updated,
    int Unchanged,
    int CompaniesCreated,
    IReadOnlyList<string> Missing,
    IReadOnlyList<SyncError> Errors,
    long DurationMs
)
{
    /// <summary>Names or ids that the upstream has and an admin deleted here: they stay away until an admin restores them.</summary>
    public IReadOnlyList<string> Deleted { get; init; } = [];
}
