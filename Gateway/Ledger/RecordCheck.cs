using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Ledger;

/// <summary>
/// Whether a row can be one of the ledger's. What the gateway makes always can; what a damaged or forged journal brings may not, and would
/// make sums that count for nothing, or times that no calendar has.
/// </summary>
internal static class RecordCheck
{
    private const int FirstYear = 1971; // the ledger's checks begin with 1970
    private const int LastYear = 9_000; // windows of budgets reach beyond it

    /// <summary>Why not; null: it can.</summary>
    public static string? FaultOf(UsageRecord record) =>
        !AreCounts(record.Usage) ? $"A count is below zero or above {TokenUsage.MaxCount}."
        : record.CorrectsId is null && (record.TotalCostNanoUsd < 0 || record.OutputCostNanoUsd < 0 || record.UpstreamCostNanoUsd < 0)
            ? "A cost is below zero."
        : !AreTimes(record.AdmittedAt, record.FirstByteAt ?? record.EndedAt, record.EndedAt)
            ? $"A time is outside of the years {FirstYear} to {LastYear}."
        : !AreTexts(
            record.UserId,
            record.ApiKeyId,
            record.TeamId,
            record.TierId,
            record.ModelId,
            record.ModelName,
            record.Provider,
            record.CallType,
            record.Status,
            record.Outcome,
            record.ServiceTier,
            record.UsageSource,
            record.ExternalRequestId,
            record.ClientRequestId,
            record.Upstream,
            record.UpstreamModelId,
            record.ChatId,
            record.MessageId,
            record.EndUser
        ) || !AreTexts([.. record.Tags])
            ? "A text holds a NUL."
        : record.Tags.Count > AttributionOptions.MostTags ? $"It has more than {AttributionOptions.MostTags} tags."
        : record is { UserId: "" } or { TierId: "" } or { ModelId: "" } or { ApiKeyId: "" } or { TeamId: "" }
            ? "An id is empty, which stands for none in the sums."
        : null;

    // PostgreSQL refuses a NUL, SQLite stores it and reads the text up to it: another key than the one that was written.
    private static bool AreTexts(params ReadOnlySpan<string?> texts)
    {
        foreach (var text in texts)
        {
            if (text?.Contains('\0', StringComparison.Ordinal) == true)
            {
                return false;
            }
        }
        return true;
    }

    private static bool AreCounts(in TokenUsage usage)
    {
        foreach (var tokenClass in TokenClasses.All)
        {
            if (usage[tokenClass] is < 0 or > TokenUsage.MaxCount)
            {
                return false;
            }
        }
        for (var kind = ItemKind.WebSearches; kind <= ItemKind.OutputPixels; kind++)
        {
            if (usage.Items[kind] is < 0 or > TokenUsage.MaxCount)
            {
                return false;
            }
        }
        return true;
    }

    private static bool AreTimes(params ReadOnlySpan<DateTime> times)
    {
        foreach (var moment in times)
        {
            if (moment.Year is < FirstYear or > LastYear)
            {
                return false;
            }
        }
        return true;
    }
}
