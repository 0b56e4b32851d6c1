using Gateway.Core.Storage;

namespace Gateway.Admin.Usage;

/// <summary>
/// The sums of one group. Of its key only what was grouped by is there; tokens are apart by class, money is in nano-dollars.
/// </summary>
internal sealed class UsageGroup
{
    public string? UserId { get; set; }

    public string? UserName { get; set; }

    public string? ApiKeyId { get; set; }

    public string? KeyName { get; set; }

    public string? ModelId { get; set; }

    public string? ModelName { get; set; }

    public string? TeamId { get; set; }

    public string? TeamName { get; set; }

    public string? TierId { get; set; }

    public string? TierName { get; set; }

    public string? Tag { get; set; }

    public string? EndUser { get; set; }

    // The start of the hour or day as it is stored.
    public long? BucketMicroseconds { get; set; }

    public DateTime? BucketStart => BucketMicroseconds is { } start ? UtcTime.OfMicroseconds(start) : null;

    // How many groups there are, beside the sums of all of them.
    public long? GroupCount { get; set; }

    public long Requests { get; set; }

    public long FailedRequests { get; set; }

    public long EstimatedRequests { get; set; }

    public long InputTokens { get; set; }

    public long CacheReadTokens { get; set; }

    public long CacheWriteTokens { get; set; }

    public long InputMediaTokens { get; set; }

    public long OutputTokens { get; set; }

    public long ReasoningTokens { get; set; }

    public long OutputMediaTokens { get; set; }

    public long TotalCostNanoUsd { get; set; }

    public long OutputCostNanoUsd { get; set; }

    public long UpstreamCostNanoUsd { get; set; }
}
