using Gateway.Core.Pricing;

namespace Gateway.Tests.Pricing;

internal static class PriceTables
{
    /// <summary>A table from <c>prices.json</c>'s form.</summary>
    public static PriceTable Table(string json) =>
        PriceTableJson.TryParse(json, RateUnit.PicoUsd, out var table, out var error) ? table : throw new InvalidOperationException(error);
}
