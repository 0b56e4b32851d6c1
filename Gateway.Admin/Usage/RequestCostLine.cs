using Gateway.Core.Pricing;

namespace Gateway.Admin.Usage;

/// <summary>
/// One line: <c>count</c> times <c>price</c> (USD; null: not known) is <c>cost</c>. <c>is_stand_in</c>: the price is that of something
/// kindred, because none is stated.
/// </summary>
internal sealed record RequestCostLine(string Name, string Unit, decimal Count, decimal? Price, decimal Cost, bool IsStandIn)
{
    public static RequestCostLine From(CostLine line) =>
        new(
            line.Name,
            line.IsTokens ? "token" : "item",
            line.Count,
            line.Rate?.ToUsd(),
            line.Usd,
            line.Rate is not null && line.Fallbacks != PriceFallbacks.None
        );
}
