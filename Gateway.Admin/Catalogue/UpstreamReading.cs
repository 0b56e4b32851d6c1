namespace Gateway.Admin.Catalogue;

/// <summary>What was read of the upstream, and what could not be.</summary>
internal sealed record UpstreamReading(IReadOnlyList<UpstreamModel> Models, IReadOnlyList<SyncError> Errors)
{
    /// <summary>
    /// A group tells less than its deployments, of prices only those of text: what it does not tell of a known model stays.
    /// </summary>
    public bool IsPartial { get; init; }

    /// <summary>The models by upstream.</summary>
    public IReadOnlyList<UpstreamOffer> Offers { get; init; } = [];

    /// <summary>Ids of upstreams that could not be read: models that stand there stay as they are.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Whether there are several upstreams, so that a model has to be told where it stands.</summary>
    public bool HasSeveral { get; init; }
}
