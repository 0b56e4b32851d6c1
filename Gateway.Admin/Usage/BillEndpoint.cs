using System.Globalization;
using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Storage;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>What a month cost a user, by model and day; by <c>Accept: text/csv</c> as a table.</summary>
internal static class BillEndpoint
{
    private static readonly string[] Columns = ["day", "model", "requests", "input_tokens", "output_tokens", "total_cost"];

    public static async Task<Results<Envelope<BillResponse>, CsvTable, ApiError>> GetAsync(
        HttpContext http,
        PathUser user,
        Query<BillQuery> query,
        HubDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (query.Value.StartAt(time.UtcNow()) is not { } from)
        {
            return ApiError.Validation("month", "month", "must be a month such as 2026-11");
        }
        if (!await db.Users.AnyAsync(u => u.Id == user.Id && u.DeletedAt == null, cancellationToken))
        {
            return ApiError.UserNotFound;
        }
        var question = new UsageQuestion(
            [UsageGrouping.Day, UsageGrouping.Model],
            from,
            from.AddMonths(1),
            [(UsageGrouping.User.Column, user.Id)]
        );
        var lines = (await UsageReport.Read(db, question, page: null).ToListAsync(cancellationToken)).ConvertAll(BillLine.From);
        http.Response.Headers.Vary = "Accept";
        var month = from.ToString(BillQuery.Format, CultureInfo.InvariantCulture);
        return CsvTable.IsWanted(http)
            ? new CsvTable(
                $"bill-{month}.csv",
                Columns,
                lines
                    .Select(l => (IReadOnlyList<object?>)[l.Day, l.Model, l.Requests, l.InputTokens, l.OutputTokens, l.TotalCost])
                    .ToAsyncEnumerable()
            )
            : Reply.Enveloped(
                "Bill retrieved successfully",
                new BillResponse(
                    user.Id,
                    month,
                    from,
                    from.AddMonths(1),
                    "USD",
                    lines.Sum(l => l.Requests),
                    lines.Sum(l => l.TotalCost),
                    lines
                )
            );
    }
}
