namespace Gateway.Admin.Catalogue;

/// <summary>What was read of the upstream, and what could not be.</summary>
internal sealed record UpstreamReading(IReadOnlyList<UpstreamModel> Models, IReadOnlyList<SyncError> Errors)
{
    /// <summary>
    /// A group tells less than its deployments, of prices only those of text: what it does not tell of a known model stays.
    /// </summary>
    public bool IsPartial { get; init; }
}
