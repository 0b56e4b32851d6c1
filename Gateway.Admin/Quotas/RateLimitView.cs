using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Quotas;

/// <summary>A rate limit with its tier and model.</summary>
internal sealed class RateLimitView
{
    public required RateLimitRow Row { get; init; }

    public Tier? Tier { get; init; }

    public CatalogModel? Model { get; init; }
}
