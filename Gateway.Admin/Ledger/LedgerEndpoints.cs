using System.Text;
using System.Text.Json;
using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Ledger;

/// <summary>The ledger for accountants (section 2.9b): a line per settled call, as NDJSON or, by <c>Accept: text/csv</c>, as CSV. Read and sent page by page, oldest first.</summary>
internal static class LedgerEndpoints
{
    private const int PageSize = 1_000;

    private static readonly string[] Columns =
    [
        "id", "admitted_at", "ended_at", "user_id", "api_key_id", "team_id", "tier_id", "model_id", "model", "provider", "status", "outcome", "usage_source", "input_tokens", "output_tokens", "input_cost",
        "output_cost", "total_cost", "upstream_cost", "is_prepaid", "external_request_id",
    ];

    public static void MapLedger(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/ledger/export", ExportAsync).RequireAuthorization(AccessPolicies.Admin);

    private static async Task ExportAsync(HttpContext http, QueryReader query, HubDbContext db)
    {
        var (from, until) = (query.From("from"), query.Until("to"));
        if (query.Error is { } error)
        {
            await error.ExecuteAsync(http);
            return;
        }
        var isCsv = CsvTable.IsWanted(http);
        http.Response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"ledger.{(isCsv ? "csv" : "ndjson")}\"";
        if (isCsv)
        {
            await http.Response.WriteAsync(CsvTable.Line(Columns), http.RequestAborted);
        }
        var (lastTime, lastId) = (DateTime.UnixEpoch, "");
        while (await ReadAsync(db, from, until, lastTime, lastId, http.RequestAborted) is { Count: > 0 } rows)
        {
            var text = new StringBuilder();
            foreach (var row in rows)
            {
                var values = ValuesOf(row);
                text.Append(isCsv ? CsvTable.Line(values) : JsonSerializer.Serialize(Columns.Zip(values).ToDictionary(v => v.First, v => v.Second), ApiJson.Options) + "\n");
            }
            await http.Response.WriteAsync(text.ToString(), http.RequestAborted);
            (lastTime, lastId) = (rows[^1].AdmittedAt, rows[^1].Id);
        }
    }

    // By key, not by offset: the last page costs what the first does.
    private static Task<List<UsageRecord>> ReadAsync(HubDbContext db, DateTime? from, DateTime? until, DateTime lastTime, string lastId, CancellationToken cancellationToken) =>
        db.UsageRecords.AsNoTracking()
            .Where(r => from == null || r.AdmittedAt >= from)
            .Where(r => until == null || r.AdmittedAt < until)
            .Where(r => r.AdmittedAt > lastTime || (r.AdmittedAt == lastTime && string.Compare(r.Id, lastId) > 0))
            .OrderBy(r => r.AdmittedAt).ThenBy(r => r.Id).Take(PageSize)
            .ToListAsync(cancellationToken);

    private static object?[] ValuesOf(UsageRecord r) =>
    [
        r.Id, r.AdmittedAt, r.EndedAt, r.UserId, r.ApiKeyId, r.TeamId, r.TierId, r.ModelId, r.ModelName, r.Provider, r.Status, r.Outcome, r.UsageSource,
        r.InputTokens + r.CacheReadTokens + r.CacheWriteTokens + r.CacheWrite1hTokens + r.InputAudioTokens + r.InputImageTokens + r.InputVideoTokens,
        r.OutputTokens + r.ReasoningTokens + r.OutputAudioTokens + r.OutputImageTokens,
        Usd(r.InputCostNanoUsd), Usd(r.OutputCostNanoUsd), Usd(r.TotalCostNanoUsd), r.UpstreamCostNanoUsd is { } cost ? Usd(cost) : null, r.IsPrepaid, r.ExternalRequestId,
    ];

    private static decimal Usd(long nanoUsd) => Money.FromNanoUsd(nanoUsd).ToUsd();
}
