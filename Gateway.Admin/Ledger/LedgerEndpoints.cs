using System.Text;
using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Providers;

namespace Gateway.Admin.Ledger;

/// <summary>The ledger for accountants (section 2.9b): whether the counters are what its rows add up to, and the rows themselves.</summary>
internal static class LedgerEndpoints
{
    public static void MapLedger(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/admin/ledger/check", CheckAsync).RequireAuthorization(AccessPolicies.Admin);
        routes.MapGet("/admin/ledger/export", ExportAsync).RequireAuthorization(AccessPolicies.Admin);
    }

    // It reads all rows: a question for now and then.
    private static async Task<Reply<LedgerCheckResponse>> CheckAsync(LedgerAudit audit, CancellationToken cancellationToken)
    {
        DatabasePatience.Lift();
        return Reply.Ok(LedgerCheckResponse.From(await audit.CheckAsync(cancellationToken)));
    }

    private static async Task ExportAsync(HttpContext http, QueryReader query, LedgerExport export)
    {
        var (from, until) = (query.From("from"), query.Until("to"));
        if (query.Error is { } error)
        {
            await error.ExecuteAsync(http);
            return;
        }
        var isCsv = CsvTable.IsWanted(http);
        DatabasePatience.Lift();
        http.Response.ContentType = isCsv ? "text/csv; charset=utf-8" : "application/x-ndjson; charset=utf-8";
        http.Response.Headers.ContentDisposition = $"attachment; filename=\"ledger.{(isCsv ? "csv" : "ndjson")}\"";
        await using var output = new StreamWriter(http.Response.Body, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        await (isCsv ? export.WriteCsvAsync(output, from, until, http.RequestAborted) : export.WriteJsonAsync(output, from, until, http.RequestAborted));
    }
}

/// <summary>What a check found, in the form of section 2.9b.</summary>
internal sealed record LedgerCheckResponse(LedgerCheckData Data)
{
    public static LedgerCheckResponse From(LedgerReport report) => new(new LedgerCheckData(
        report.Counters, report.Differences, report.DifferenceCount, report.IsClean, report.Records, Money.FromNanoUsd(report.TotalCostNanoUsd).ToUsd(), report.RecordsSince,
        report.SetAsideCount, report.SetAside));
}

/// <summary>How many counters were compared, and what differs, in nano-dollars like the columns that it names: the first of them, and how many; and the calls that the database does not take.</summary>
internal sealed record LedgerCheckData(long Checked, IReadOnlyList<LedgerDifference> Differences, long DifferenceCount, bool IsClean, long Records, decimal TotalCost, DateTime? RecordsSince,
    long SetAsideCount, IReadOnlyList<SetAsideCall> SetAside);
