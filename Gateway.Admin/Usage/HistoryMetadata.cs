using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Usage;

/// <summary>How a call ended and how its figures were found.</summary>
internal sealed record HistoryMetadata(
    string Outcome,
    int HttpStatus,
    string UsageSource,
    bool Estimated,
    string ServiceTier,
    decimal? UpstreamCost
)
{
    public static HistoryMetadata From(UsageRecord record) =>
        new(
            record.Outcome,
            record.HttpStatus,
            record.UsageSource,
            record.UsageSource == UsageSources.Estimated,
            record.ServiceTier,
            record.UpstreamCostNanoUsd is { } cost ? Money.UsdOf(cost) : null
        );
}
