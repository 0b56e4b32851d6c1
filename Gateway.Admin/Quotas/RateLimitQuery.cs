using Gateway.Admin.Requests;

namespace Gateway.Admin.Quotas;

/// <summary>Which rate limits are wanted.</summary>
internal record RateLimitQuery : WholeListQuery
{
    public string? ModelId { get; init; }

    public string? TierId { get; init; }
}
