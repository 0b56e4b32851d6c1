using System.Globalization;
using System.Text.Json;
using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core;
using Gateway.Core.Chats;
using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Statistics;

/// <summary>
/// The figures of the admin pages, from the sums of everybody. Where an outside LiteLLM is set, its own figures come first;
/// when it does not answer, ours, and a header says so: the pages never go empty.
/// </summary>
internal static class StatisticsEndpoints
{
    private const int LongestDays = 366;
    private const int DefaultDays = 30;
    private const string SourceHeader = "X-Data-Source";

    public static void MapStatistics(this IEndpointRouteBuilder routes)
    {
        var pages = routes.MapGroup("/admin/litellm").RequireAuthorization(AccessPolicies.Admin);
        pages.MapGet("/admin/stats", GetStatsAsync).Says("Show totals", "Users, models, calls, tokens and spend.");
        pages
            .MapGet("/global/spend", GetSpendAsync)
            .Says("Show all spend", "LiteLLM's figure, or the gateway's own when X-Data-Source says local.");
        pages
            .MapGet("/global/spend/logs", GetSpendLogsAsync)
            .Says("List spend by day", "LiteLLM's figures, or the gateway's own when X-Data-Source says local.");
        pages
            .MapGet("/global/activity", GetActivityAsync)
            .Says("List activity by day", "At most 366 days. LiteLLM's figures, or the gateway's own when X-Data-Source says local.");
    }

    private static async Task<Reply<AdminStatsResponse>> GetStatsAsync(
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var now = time.UtcNow();
        var (today, month) = (UtcTime.DayOf(now), new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc));
        var users = await db.Users.CountAsync(u => u.DeletedAt == null && u.Id != PlatformUser.Id, cancellationToken);
        var models = await db.Models.CountAsync(m => !db.ModelConfigs.Any(c => c.ModelId == m.Id && !c.IsEnabled), cancellationToken);
        var sums = await db.DailyTotals()
            .Counted()
            .GroupBy(_ => 1)
            .Select(g => new
            {
                Requests = g.Sum(d => d.Requests),
                CostHigh = g.Sum(d => d.CostNanoUsd / Saturating.Half),
                CostLow = g.Sum(d => d.CostNanoUsd % Saturating.Half),
                TokensHigh = g.Sum(d => d.Tokens / Saturating.Half),
                TokensLow = g.Sum(d => d.Tokens % Saturating.Half),
            })
            .FirstOrDefaultAsync(cancellationToken);
        var requestsToday = await db.DailyTotals().Where(d => d.BucketStart >= today).SumAsync(d => d.Requests, cancellationToken);
        var monthly = await db.DailyTotals()
            .Where(d => d.BucketStart >= month)
            .SumSaturatingAsync(d => d.TotalCostNanoUsd, cancellationToken);
        return Reply.Ok(
            new AdminStatsResponse(
                users,
                models,
                requestsToday,
                Money.UsdOf(monthly),
                Money.UsdOf(sums is null ? 0 : Saturating.OfHalves(sums.CostHigh, sums.CostLow)),
                sums?.Requests ?? 0,
                sums is null ? 0 : Saturating.OfHalves(sums.TokensHigh, sums.TokensLow)
            )
        );
    }

    private static async Task<Reply<GlobalSpendResponse>> GetSpendAsync(
        HttpContext http,
        LiteLlmClient client,
        UpstreamOptions options,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (
            await AskAsync(client, options, "global/spend", cancellationToken) is { } answer
            && LiteLlmJson.Number(answer, "spend") is { } spend
        )
        {
            return Reply.Ok(new GlobalSpendResponse(spend, LiteLlmJson.Number(answer, "max_budget") ?? 0));
        }
        http.Response.Headers[SourceHeader] = "local";
        return Reply.Ok(
            new GlobalSpendResponse(Money.UsdOf(await db.DailyTotals().SumSaturatingAsync(d => d.TotalCostNanoUsd, cancellationToken)), 0)
        );
    }

    private static async Task<Reply<List<SpendDayResponse>>> GetSpendLogsAsync(
        HttpContext http,
        Query<SpendLogQuery> query,
        LiteLlmClient client,
        UpstreamOptions options,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var today = DateOnly.FromDateTime(time.UtcNow());
        var (start, end) = (query.Value.StartDate ?? today.AddDays(1 - DefaultDays), query.Value.EndDate ?? today);
        var userId = query.Value.UserId;
        if (
            userId is null
            && await AskAsync(
                client,
                options,
                $"global/spend/logs?start_date={start:yyyy-MM-dd}&end_date={end:yyyy-MM-dd}",
                cancellationToken
            )
                is { ValueKind: JsonValueKind.Array } rows
        )
        {
            return Reply.Ok(
                rows.EnumerateArray()
                    .Select(r => new SpendDayResponse(LiteLlmJson.Text(r, "date") ?? "", LiteLlmJson.Number(r, "spend") ?? 0))
                    .Where(r => r.Date.Length > 0)
                    .OrderBy(r => r.Date, StringComparer.Ordinal)
                    .ToList()
            );
        }
        http.Response.Headers[SourceHeader] = "local";
        var days = await Days(db.DailyTotals(userId), start, end)
            .GroupBy(d => d.BucketStart)
            .Select(g => new
            {
                Day = g.Key,
                High = g.Sum(d => d.TotalCostNanoUsd / Saturating.Half),
                Low = g.Sum(d => d.TotalCostNanoUsd % Saturating.Half),
            })
            .OrderBy(d => d.Day)
            .ToListAsync(cancellationToken);
        var costs = days.Select(d => (d.Day, Cost: Saturating.OfHalves(d.High, d.Low)));
        return Reply.Ok(
            costs
                .Where(d => d.Cost > 0)
                .Select(d => new SpendDayResponse(d.Day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture), Money.UsdOf(d.Cost)))
                .ToList()
        );
    }

    private static async Task<Results<Reply<ActivityResponse>, ApiError>> GetActivityAsync(
        HttpContext http,
        Query<ActivityQuery> query,
        LiteLlmClient client,
        UpstreamOptions options,
        HubDbContext db,
        CancellationToken cancellationToken
    )
    {
        var (start, end) = (query.Value.StartDate, query.Value.EndDate);
        if (WrongRange(start, end) is { } error)
        {
            return error;
        }
        if (
            await AskAsync(client, options, $"global/activity?start_date={start:yyyy-MM-dd}&end_date={end:yyyy-MM-dd}", cancellationToken)
                is { } answer
            && LiteLlmJson.Child(answer, "daily_data") is { ValueKind: JsonValueKind.Array } rows
        )
        {
            var theirs = rows.EnumerateArray()
                .Select(r => new ActivityDayResponse(
                    LiteLlmJson.Text(r, "date") ?? "",
                    (long)(LiteLlmJson.Number(r, "api_requests") ?? 0),
                    (long)(LiteLlmJson.Number(r, "total_tokens") ?? 0)
                ))
                .ToList();
            return Reply.Ok(ActivityResponse.Of(theirs));
        }
        http.Response.Headers[SourceHeader] = "local";
        var days = await Days(db.DailyTotals(), start, end)
            .Counted()
            .GroupBy(d => d.BucketStart)
            .Select(g => new
            {
                Day = g.Key,
                Requests = g.Sum(d => d.Requests),
                High = g.Sum(d => d.Tokens / Saturating.Half),
                Low = g.Sum(d => d.Tokens % Saturating.Half),
            })
            .OrderBy(d => d.Day)
            .ToListAsync(cancellationToken);
        return Reply.Ok(
            ActivityResponse.Of(
                days.ConvertAll(d => new ActivityDayResponse(
                    d.Day.ToString("MMM dd", CultureInfo.InvariantCulture),
                    d.Requests,
                    Saturating.OfHalves(d.High, d.Low)
                ))
            )
        );
    }

    private static IQueryable<UsageTotals> Days(IQueryable<UsageTotals> sums, DateOnly start, DateOnly end)
    {
        var (from, until) = (
            start.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc),
            end.AddDays(1).ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc)
        );
        return sums.Where(d => d.BucketStart >= from && d.BucketStart < until);
    }

    private static ApiError? WrongRange(DateOnly start, DateOnly end) =>
        start > end ? ApiError.Validation("start_date", "range", "must not be after end_date")
        : end.DayNumber - start.DayNumber >= LongestDays ? ApiError.Validation("end_date", "range", $"the maximum is {LongestDays} days")
        : null;

    // The sandbox keeps no spend: only an outside LiteLLM is asked.
    private static async Task<JsonElement?> AskAsync(
        LiteLlmClient client,
        UpstreamOptions options,
        string path,
        CancellationToken cancellationToken
    )
    {
        if (options.LiteLlmBaseUrls.Count == 0)
        {
            return null;
        }
        try
        {
            return await client.SendAsync(HttpMethod.Get, path, null, cancellationToken);
        }
        catch (ApiErrorException)
        {
            return null;
        }
    }
}
