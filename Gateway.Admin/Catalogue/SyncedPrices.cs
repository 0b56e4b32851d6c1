using System.Collections.Frozen;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// The upstream's prices as this node last read them: what a rate goes back to when an admin clears the own one. Before the first sync it
/// is the shipped price; the next sync puts right what has changed since.
/// </summary>
internal sealed class SyncedPrices
{
    private FrozenDictionary<string, UpstreamModel> _models = FrozenDictionary<string, UpstreamModel>.Empty;

    public void Remember(IReadOnlyList<UpstreamModel> models) =>
        Volatile.Write(ref _models, models.ToFrozenDictionary(m => m.Name, StringComparer.Ordinal));

    /// <summary>The rate without the admin's word, and where it comes from; null when nobody else prices it.</summary>
    public (Rate Rate, string Source)? Find(CatalogModel model, RateKey key)
    {
        var name = model.ExternalId ?? model.Name;
        if (Volatile.Read(ref _models).TryGetValue(name, out var offered))
        {
            return Stated(offered.Prices, key) is { } rate ? (rate, offered.PriceSource) : null;
        }
        return ShippedPrices.TryFind(name, out var shipped) && Stated(shipped.Prices, key) is { } listed
            ? (listed, PriceSources.Shipped)
            : null;
    }

    private static Rate? Stated(PriceTable prices, RateKey key) =>
        prices.Stated.Where(s => s.Key == key).Select(s => (Rate?)s.Rate).FirstOrDefault();
}
