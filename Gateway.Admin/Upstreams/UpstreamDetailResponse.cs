using Gateway.Admin.Replies;

namespace Gateway.Admin.Upstreams;

/// <summary>An upstream with its models.</summary>
[Alias("upstream", "upstreams")]
internal sealed record UpstreamDetailResponse : UpstreamResponse
{
    public UpstreamDetailResponse(UpstreamResponse upstream, List<UpstreamModelResponse> models)
        : base(upstream) => Models = models;

    /// <summary>The models that stand there by name.</summary>
    public List<UpstreamModelResponse> Models { get; }
}
