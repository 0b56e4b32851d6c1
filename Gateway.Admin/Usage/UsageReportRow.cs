namespace Gateway.Admin.Usage;

/// <summary>
/// One group: what it was not split by is null, as is a missing key, team or name, and the tag or end user of all that are not added up
/// apart. Token counts are of whole prompts and
/// answers; the classes beside them are parts of these.
/// </summary>
internal sealed record UsageReportRow(
    string? Day,
    DateTime? Hour,
    string? UserId,
    string? UserEmail,
    string? ApiKeyId,
    string? ApiKeyName,
    string? ModelId,
    string? Model,
    string? TeamId,
    string? Team,
    string? TierId,
    string? Tier,
    string? Tag,
    string? EndUser,
    long Requests,
    long FailedRequests,
    long EstimatedRequests,
    long InputTokens,
    long OutputTokens,
    long TotalTokens,
    long CacheReadTokens,
    long CacheWriteTokens,
    long InputMediaTokens,
    long ReasoningTokens,
    long OutputMediaTokens,
    decimal InputCost,
    decimal OutputCost,
    decimal TotalCost,
    decimal? UpstreamCost
)
{
    public static UsageReportRow From(UsageGroup sum, bool isHourly, bool isForStaff)
    {
        var (start, totals) = (
            sum.BucketStart is { } bucket ? DateTime.SpecifyKind(bucket, DateTimeKind.Utc) : (DateTime?)null,
            UsageReportTotals.From(sum, isForStaff)
        );
        return new UsageReportRow(
            isHourly ? null : start?.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture),
            isHourly ? start : null,
            sum.UserId,
            sum.UserName,
            NoneOf(sum.ApiKeyId),
            sum.KeyName,
            sum.ModelId,
            sum.ModelName,
            NoneOf(sum.TeamId),
            sum.TeamName,
            sum.TierId,
            sum.TierName,
            NoneOf(sum.Tag),
            NoneOf(sum.EndUser),
            sum.Requests,
            sum.FailedRequests,
            sum.EstimatedRequests,
            totals.InputTokens,
            totals.OutputTokens,
            totals.TotalTokens,
            sum.CacheReadTokens,
            sum.CacheWriteTokens,
            sum.InputMediaTokens,
            sum.ReasoningTokens,
            sum.OutputMediaTokens,
            totals.InputCost,
            totals.OutputCost,
            totals.TotalCost,
            totals.UpstreamCost
        );
    }

    // The sums have an empty text where a call had no key or no team, and for tags and end users that are not added up apart.
    private static string? NoneOf(string? id) => id is { Length: > 0 } ? id : null;
}
