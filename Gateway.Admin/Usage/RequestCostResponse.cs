using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Admin.Usage;

/// <summary>
/// What the ledger knows of a call's usage, priced line by line at the prices in force now. The ledger keeps what was charged and not the
/// prices of that time, and of what is used by the piece only web searches: <c>is_exact</c> says whether the lines add up to the charge.
/// </summary>
internal sealed record RequestCostResponse(
    string RequestId,
    decimal TotalCost,
    decimal LinesCost,
    bool IsExact,
    bool IsFree,
    bool IsModelKnown,
    IReadOnlyList<RequestCostLine> Lines
)
{
    public static RequestCostResponse From(UsageRecord record, PolicyModel? model)
    {
        var (cost, lines) = CostCalculator.Explain(
            model?.Prices ?? PriceTable.Empty,
            record.Usage,
            ServiceTiers.Parse(record.ServiceTier.AsSpan())
        );
        var isFree = model is { IsFree: true };
        var total = isFree || record.UsageSource == UsageSources.None ? Money.Zero : cost.Total;
        return new RequestCostResponse(
            record.Id,
            Money.UsdOf(record.TotalCostNanoUsd),
            Money.UsdOf(total.NanoUsd),
            model is not null && total.NanoUsd == record.TotalCostNanoUsd,
            isFree,
            model is not null,
            [.. lines.Select(RequestCostLine.From)]
        );
    }
}
