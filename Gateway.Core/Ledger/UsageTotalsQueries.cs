using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Ledger;

/// <summary>Questions that many ask of <c>usage_totals</c>.</summary>
public static class UsageTotalsQueries
{
    /// <summary>Daily sums by model: of one user, or of everybody.</summary>
    public static IQueryable<UsageTotals> DailyTotals(this HubDbContext db, string? userId = null)
    {
        var (grain, user) = (userId is null ? UsageGrain.ModelDay.Name : UsageGrain.UserDay.Name, userId ?? "");
        return db.UsageTotals.Where(t => t.Grain == grain && t.UserId == user);
    }
}
