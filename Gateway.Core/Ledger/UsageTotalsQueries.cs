using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>Questions that many ask of <c>usage_totals</c>.</summary>
public static class UsageTotalsQueries
{
    /// <summary>Daily sums by model: of one user, or of everybody.</summary>
    public static IQueryable<UsageTotals> DailyTotals(this HubDbContext db, string? userId = null)
    {
        if (userId is null)
        {
            return db.UsageTotals.Where(t => t.Grain == UsageGrain.ModelDay.Name && t.UserNumber == 0);
        }
        var user = db.NumberOf(userId);
        return db.UsageTotals.Where(t => t.Grain == UsageGrain.UserDay.Name && t.UserNumber == user.FirstOrDefault());
    }

    /// <summary>The same sums with the kinds of tokens added up, by the database.</summary>
    public static IQueryable<UsageCount> Counted(this IQueryable<UsageSum> sums) =>
        sums.Select(s => new UsageCount
        {
            BucketStart = s.BucketStart,
            ModelNumber = s.ModelNumber,
            Requests = s.Requests,
            CountedRequests = s.CountedRequests,
            InputTokens = s.InputTokens + s.CacheReadTokens + s.CacheWriteTokens + s.InputMediaTokens,
            OutputTokens = s.OutputTokens + s.ReasoningTokens + s.OutputMediaTokens,
            Tokens =
                s.InputTokens
                + s.CacheReadTokens
                + s.CacheWriteTokens
                + s.InputMediaTokens
                + s.OutputTokens
                + s.ReasoningTokens
                + s.OutputMediaTokens,
            CostNanoUsd = s.TotalCostNanoUsd,
        });
}
