using Gateway.Core;

namespace Gateway.Admin.Usage;

/// <summary>A user's sums of one model, over all time and over the month; each in two halves, as the database adds them up.</summary>
internal sealed record ModelSpend(
    int ModelNumber,
    long Requests,
    long CostHigh,
    long CostLow,
    long MonthCostHigh,
    long MonthCostLow,
    long TokensHigh,
    long TokensLow
)
{
    public long CostNanoUsd => Saturating.OfHalves(CostHigh, CostLow);

    public long MonthCostNanoUsd => Saturating.OfHalves(MonthCostHigh, MonthCostLow);

    public long Tokens => Saturating.OfHalves(TokensHigh, TokensLow);
}
