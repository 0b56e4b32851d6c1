using Gateway.Admin.Access;
using Gateway.Admin.Accounts;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Admin.Tombstones;
using Gateway.Core;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>What a user called and spent.</summary>
internal static class UsageEndpoints
{
    public static void MapUsage(this IEndpointRouteBuilder routes)
    {
        var user = routes.MapGroup("/users/{user_id}").RequireAuthorization(AccessPolicies.OwnOrStaff);
        user.MapGet("/requests", GetRequestsAsync).Says("List a user's calls", "With their usage and cost, newest first.");
        user.MapGet("/spending", GetSpendingAsync).Says("Show spending", "In all and in this month, by model.");
        user.MapGet("/usage-stats", GetStatsAsync).Says("Show usage", "Of a day, a week or a month, by day and by model.");
    }

    private static async Task<Results<Reply<HistoryResponse>, ApiError>> GetRequestsAsync(
        PathUser user,
        SignedInCaller caller,
        Query<HistoryQuery> query,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (page, modelId, from, until) = (query.Value.Page, query.Value.ModelId, query.Value.DateFrom, query.Value.DateTo);
        if (!await ExistsAsync(db, user.Id, cancellationToken))
        {
            return ApiError.UserNotFound;
        }
        var filter = new RecordFilter(user.Id, modelId, from, until) { Tag = query.Value.Tag, EndUser = query.Value.EndUser };
        var (rows, total) = await db.FindRecordsAsync(filter, page, cancellationToken);
        var keyIds = rows.Select(r => r.ApiKeyId).Distinct().ToList();
        var keys = await db
            .ApiKeys.Where(k => keyIds.Contains(k.Id))
            .Select(k => new
            {
                k.Id,
                k.Name,
                k.Preview,
            })
            .ToDictionaryAsync(k => k.Id, cancellationToken);
        var contents = await KeptContent.OfAsync(db, caller, user.Id, rows.ConvertAll(r => r.Id), cancellationToken);
        var shown = page.Of(total, rows.Count);
        return Reply.Ok(
            new HistoryResponse(
                rows.ConvertAll(r =>
                    r.ApiKeyId is { } keyId && keys.TryGetValue(keyId, out var key)
                        ? HistoryRow.From(r, key.Name, key.Preview, contents.GetValueOrDefault(r.Id))
                        : HistoryRow.From(r, null, null, contents.GetValueOrDefault(r.Id))
                ),
                shown.TotalCount,
                shown.Limit,
                shown.Offset,
                shown.HasMore
            )
        );
    }

    private static async Task<Results<Reply<SpendingResponse>, ApiError>> GetSpendingAsync(
        PathUser user,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (await db.UserViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.User.Id == user.Id, cancellationToken) is not { } owner)
        {
            return ApiError.UserNotFound;
        }
        var now = time.UtcNow();
        var month = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        var sums = await db.DailyTotals(user.Id)
            .Counted()
            .GroupBy(d => d.ModelNumber)
            .Select(g => new ModelSpend(
                g.Key,
                g.Sum(d => d.Requests),
                g.Sum(d => d.CostNanoUsd / Saturating.Half),
                g.Sum(d => d.CostNanoUsd % Saturating.Half),
                g.Sum(d => d.BucketStart >= month ? d.CostNanoUsd / Saturating.Half : 0),
                g.Sum(d => d.BucketStart >= month ? d.CostNanoUsd % Saturating.Half : 0),
                g.Sum(d => d.Tokens / Saturating.Half),
                g.Sum(d => d.Tokens % Saturating.Half)
            ))
            .ToListAsync(cancellationToken);
        var models = sums.ConvertAll(s => s.ModelNumber);
        var names = await db.NamesOfModelsAsync(models, cancellationToken);
        return Reply.Ok(SpendingResponse.From(owner.User, owner.Account, sums, names));
    }

    private static async Task<Results<Reply<UsageStatsResponse>, ApiError>> GetStatsAsync(
        PathUser user,
        Query<StatsQuery> query,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var period = query.Value.Period ?? "month";
        if (!UsageStatistics.Periods.ContainsKey(period))
        {
            return ApiError.UnsupportedPeriod;
        }
        return await ExistsAsync(db, user.Id, cancellationToken)
            ? Reply.Ok(await UsageStatistics.ReadAsync(db, user.Id, period, time.UtcNow(), cancellationToken))
            : ApiError.UserNotFound;
    }

    private static Task<bool> ExistsAsync(HubDbContext db, string userId, CancellationToken cancellationToken) =>
        db.Users.AnyAsync(u => u.Id == userId && u.DeletedAt == null, cancellationToken);
}
