using Gateway.Core.Ledger;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Ledger;

/// <summary>What a check found, as the API shows it.</summary>
internal sealed record LedgerCheckResponse(LedgerCheckData Data)
{
    public static LedgerCheckResponse From(LedgerReport report) =>
        new(
            new LedgerCheckData(
                report.Counters,
                report.Differences,
                report.DifferenceCount,
                report.IsClean,
                report.Records,
                Money.UsdOf(report.TotalCostNanoUsd),
                report.RecordsSince,
                report.SetAsideCount,
                report.SetAside
            )
        );
}
