using Gateway.Core.Pricing;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// One table for several deployments of a name. LiteLLM chooses the deployment, so a call is priced at the dearest of them. A rate that a
/// deployment does not state counts with what stands in for it there; therefore every class that some table states gets a rate in every
/// service tier and band that some table has.
/// </summary>
internal static class DearestPrices
{
    public static PriceTable Of(IReadOnlyList<PriceTable> tables)
    {
        var priced = tables.Where(t => !t.IsEmpty).Distinct().ToList();
        if (priced.Count <= 1)
        {
            return priced.FirstOrDefault() ?? PriceTable.Empty;
        }
        var stated = priced.SelectMany(t => t.Stated).Select(s => s.Key).ToList();
        var keys =
            from key in stated.Select(k => (k.Class, k.Item)).Distinct()
            from tier in stated.Select(k => k.Tier).Append(ServiceTier.Default).Distinct()
            from band in stated.Select(k => k.AbovePromptTokens).Append(0).Distinct()
            select key.Class is { } tokenClass ? RateKey.For(tokenClass, tier, band) : RateKey.For(key.Item!.Value, tier, band);
        return PriceTable.Create(
            keys.Select(k => (Key: k, Rate: Dearest(priced, k)))
                .Where(r => r.Rate is not null)
                .Select(r => new StatedRate(r.Key, r.Rate!.Value))
        );
    }

    private static Rate? Dearest(List<PriceTable> tables, RateKey key)
    {
        Rate? dearest = null;
        foreach (var table in tables)
        {
            if (TryGet(table, key, out var rate) && (dearest is null || rate.PicoUsd > dearest.Value.PicoUsd))
            {
                dearest = rate;
            }
        }
        return dearest;
    }

    private static bool TryGet(PriceTable table, RateKey key, out Rate rate) =>
        key.Class is { } tokenClass
            ? table.TryGetRate(tokenClass, key.Tier, key.AbovePromptTokens + 1, out rate, out _)
            : table.TryGetRate(key.Item!.Value, key.Tier, key.AbovePromptTokens + 1, out rate, out _);
}
