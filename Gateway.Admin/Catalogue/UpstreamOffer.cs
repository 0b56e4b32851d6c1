using Gateway.Core.Upstreams;

namespace Gateway.Admin.Catalogue;

/// <summary>The models of one upstream.</summary>
/// <param name="Upstream">The upstream.</param>
/// <param name="Models">The models, each with the name that it has there.</param>
/// <param name="Errors">What could not be read.</param>
internal sealed record UpstreamOffer(
    PolicyUpstream Upstream,
    IReadOnlyList<(UpstreamModel Model, string NameThere)> Models,
    IReadOnlyList<SyncError> Errors
)
{
    /// <summary>What the upstream was found to be, when that is another kind than it was taken for; else null.</summary>
    public UpstreamKind? FoundKind { get; init; }
}
