using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>
/// What was used and spent, by any of user, key, model, team, tier, day and hour, or by tag or end user; by <c>Accept: text/csv</c> as a
/// table.
/// </summary>
internal static class UsageReportEndpoints
{
    private const string UpstreamCost = "upstream_cost"; // what calls cost there is shown to staff alone

    // A column of the table stands there always, or only when usage is split by what it tells.
    private static readonly (string Name, UsageGrouping? Of, Func<UsageReportRow, object?> Value)[] Columns =
    [
        ("day", UsageGrouping.Day, r => r.Day),
        ("hour", UsageGrouping.Hour, r => r.Hour),
        ("user_id", UsageGrouping.User, r => r.UserId),
        ("user_email", UsageGrouping.User, r => r.UserEmail),
        ("api_key_id", UsageGrouping.Key, r => r.ApiKeyId),
        ("api_key_name", UsageGrouping.Key, r => r.ApiKeyName),
        ("model_id", UsageGrouping.Model, r => r.ModelId),
        ("model", UsageGrouping.Model, r => r.Model),
        ("team_id", UsageGrouping.Team, r => r.TeamId),
        ("team", UsageGrouping.Team, r => r.Team),
        ("tier_id", UsageGrouping.Tier, r => r.TierId),
        ("tier", UsageGrouping.Tier, r => r.Tier),
        ("tag", UsageGrouping.Tag, r => r.Tag),
        ("end_user", UsageGrouping.EndUser, r => r.EndUser),
        ("requests", null, r => r.Requests),
        ("failed_requests", null, r => r.FailedRequests),
        ("estimated_requests", null, r => r.EstimatedRequests),
        ("input_tokens", null, r => r.InputTokens),
        ("output_tokens", null, r => r.OutputTokens),
        ("total_tokens", null, r => r.TotalTokens),
        ("cache_read_tokens", null, r => r.CacheReadTokens),
        ("cache_write_tokens", null, r => r.CacheWriteTokens),
        ("input_media_tokens", null, r => r.InputMediaTokens),
        ("reasoning_tokens", null, r => r.ReasoningTokens),
        ("output_media_tokens", null, r => r.OutputMediaTokens),
        ("input_cost", null, r => r.InputCost),
        ("output_cost", null, r => r.OutputCost),
        ("total_cost", null, r => r.TotalCost),
        (UpstreamCost, null, r => r.UpstreamCost),
    ];

    public static void MapUsageReport(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/admin/usage", GetAsync)
            .RequireAuthorization(AccessPolicies.Staff)
            .Says(
                "Add up usage",
                "A page of groups, and the sums over all of them, read at the same moment; CSV when Accept "
                    + "is text/csv, then all groups unless `limit` or `offset` is sent. Costs are exact USD. "
                    + "A call with several tags counts for each of them."
            );
        routes
            .MapGet("/users/{user_id}/usage", GetOwnAsync)
            .RequireAuthorization(AccessPolicies.OwnOrStaff)
            .Says(
                "Add up a user's usage",
                "As for all users: by key, model, team, tier, day, hour, tag or end user; CSV when Accept is text/csv."
            );
    }

    private static Task<Results<Envelope<UsageReportResponse>, CsvTable, ApiError>> GetAsync(
        HttpContext http,
        Query<UsageQuery> query,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    ) => ReportAsync(http, query.Value, isForStaff: true, db, time, cancellationToken);

    private static async Task<Results<Envelope<UsageReportResponse>, CsvTable, ApiError>> GetOwnAsync(
        HttpContext http,
        PathUser user,
        SignedInCaller caller,
        Query<UsageQuery> query,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    ) =>
        await db.Users.AnyAsync(u => u.Id == user.Id && u.DeletedAt == null, cancellationToken)
            ? await ReportAsync(http, query.Value with { UserId = user.Id }, caller.IsStaff, db, time, cancellationToken)
            : ApiError.UserNotFound;

    private static async Task<Results<Envelope<UsageReportResponse>, CsvTable, ApiError>> ReportAsync(
        HttpContext http,
        UsageQuery query,
        bool isForStaff,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var page = query.Page;
        var question = UsageQuestion.Of(query, time.UtcNow(), out var wrong);
        if (wrong is { } error)
        {
            return error;
        }
        http.Response.Headers.Vary = "Accept";
        var isHourly = question.By.Contains(UsageGrouping.Hour);
        if (CsvTable.IsWanted(http))
        {
            // A table is for a spreadsheet, which knows no pages: without a limit of its own it is whole.
            var isPaged = http.Request.Query.Keys.Any(name => name is "limit" or "offset" or "skip");
            var columns = Columns
                .Where(c => (c.Of is null || question.By.Contains(c.Of)) && (isForStaff || c.Name != UpstreamCost))
                .ToList();
            var sums = UsageReport.Read(db, question, isPaged ? page : null).AsAsyncEnumerable();
            return new CsvTable(
                "usage.csv",
                columns.ConvertAll(c => c.Name),
                sums.Select(sum => columns.ConvertAll(c => c.Value(UsageReportRow.From(sum, isHourly, isForStaff))))
            );
        }
        var (groups, count, total) = await UsageReport.ReadPageAsync(db, question, page, cancellationToken);
        return Reply.Enveloped(
            "Usage retrieved successfully",
            new UsageReportResponse(
                [.. question.By.Select(g => g.Name)],
                question.From,
                question.Until,
                groups.ConvertAll(g => UsageReportRow.From(g, isHourly, isForStaff)),
                UsageReportTotals.From(total, isForStaff),
                count,
                page.Limit,
                page.Offset,
                page.Of(count, groups.Count).HasMore
            )
        );
    }
}
