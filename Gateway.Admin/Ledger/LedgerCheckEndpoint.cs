using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Ledger;

/// <summary>Whether the counters are what the ledger's rows add up to. It reads all of them: a question for now and then.</summary>
internal static class LedgerCheckEndpoint
{
    public static void MapLedgerCheck(this IEndpointRouteBuilder routes) => routes.MapGet("/admin/ledger/check", CheckAsync).RequireAuthorization(AccessPolicies.Admin);

    private static async Task<Reply<LedgerCheckResponse>> CheckAsync(LedgerAudit audit, CancellationToken cancellationToken) =>
        Reply.Ok(LedgerCheckResponse.From(await audit.CheckAsync(cancellationToken)));
}

/// <summary>What a check found. Differences of money are in nano-dollars, like the columns they name.</summary>
internal sealed record LedgerCheckResponse(
    LedgerCheckData Data, bool IsClean, long Records, decimal TotalCost, long Counters, long DifferenceCount, IReadOnlyList<LedgerDifference> Differences, DateTime? RecordsSince)
{
    public static LedgerCheckResponse From(LedgerReport report) => new(
        new LedgerCheckData(report.Counters, report.Differences), report.DifferenceCount == 0, report.Records, Money.FromNanoUsd(report.TotalCostNanoUsd).ToUsd(), report.Counters, report.DifferenceCount,
        report.Differences, report.RecordsSince);
}

/// <summary>The same in the form of section 2.9b: how many counters were compared, and what differs.</summary>
internal sealed record LedgerCheckData(long Checked, IReadOnlyList<LedgerDifference> Differences);
