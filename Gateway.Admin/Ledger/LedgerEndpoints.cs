using System.Text;
using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Admin.OpenApi;
using Gateway.Admin.Replies;
using Gateway.Admin.Requests;
using Gateway.Core.Ledger;
using Gateway.Core.Storage.Providers;

namespace Gateway.Admin.Ledger;

/// <summary>The ledger for accountants: whether the counters are what its rows add up to, and the rows themselves.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes
            .MapGet("/admin/ledger/check", CheckAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says(
                "Check the ledger",
                "Compares every counter with what its ledger entries add up to. It reads all of them and " + "may take long."
            );
        routes
            .MapGet("/admin/ledger/export", ExportAsync)
            .RequireAuthorization(AccessPolicies.Admin)
            .Says("Export the ledger", "A line for each ledger entry, oldest first: JSON, or CSV when Accept is text/csv.")
            .Produces<string>(StatusCodes.Status200OK, "application/x-ndjson", "text/csv");
    }

    // It reads all rows: a question for now and then.
    private static async Task<Reply<LedgerCheckResponse>> CheckAsync(LedgerAudit audit, CancellationToken cancellationToken)
    {
        DatabasePatience.Lift();
        return Reply.Ok(LedgerCheckResponse.From(await audit.CheckAsync(cancellationToken)));
    }

    private static async Task ExportAsync(HttpContext http, Query<LedgerQuery> query, LedgerExport export)
    {
        var (from, until) = (query.Value.From, query.Value.To);
        var isCsv = CsvTable.IsWanted(http);
        DatabasePatience.Lift();
        http.Response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"ledger.{(isCsv ? "csv" : "ndjson")}\"";
        await using var output = new StreamWriter(
            http.Response.Body,
            new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            leaveOpen: true
        );
        await (
            isCsv
                ? export.WriteCsvAsync(output, from, until, http.RequestAborted)
                : export.WriteJsonAsync(output, from, until, http.RequestAborted)
        );
    }
}
