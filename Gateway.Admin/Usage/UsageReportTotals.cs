using Gateway.Core;
using Gateway.Core.Pricing;

namespace Gateway.Admin.Usage;

/// <summary>Sums of all groups; money in USD; the upstream's cost for staff alone.</summary>
internal sealed record UsageReportTotals(
    long Requests,
    long FailedRequests,
    long EstimatedRequests,
    long InputTokens,
    long OutputTokens,
    long TotalTokens,
    decimal InputCost,
    decimal OutputCost,
    decimal TotalCost,
    decimal? UpstreamCost
)
{
    public static UsageReportTotals From(UsageGroup sum, bool isForStaff)
    {
        var input = Saturating.Of((Int128)sum.InputTokens + sum.CacheReadTokens + sum.CacheWriteTokens + sum.InputMediaTokens);
        var output = Saturating.Of((Int128)sum.OutputTokens + sum.ReasoningTokens + sum.OutputMediaTokens);
        return new UsageReportTotals(
            sum.Requests,
            sum.FailedRequests,
            sum.EstimatedRequests,
            input,
            output,
            Saturating.Add(input, output),
            Money.UsdOf(Saturating.Subtract(sum.TotalCostNanoUsd, sum.OutputCostNanoUsd)),
            Money.UsdOf(sum.OutputCostNanoUsd),
            Money.UsdOf(sum.TotalCostNanoUsd),
            isForStaff ? Money.UsdOf(sum.UpstreamCostNanoUsd) : null
        );
    }
}
