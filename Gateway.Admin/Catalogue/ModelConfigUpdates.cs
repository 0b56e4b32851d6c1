using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Changes switches and prices of models.</summary>
internal sealed class ModelConfigUpdates(ChangeWriter changes, SyncedPrices synced)
{
    public static readonly ApiError NotFound = ApiError.NotFound("Model config not found");

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, ModelConfigUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);   // a sync that runs now must see these prices, or these the sync's
        var db = change.Db;
        if (await db.ModelConfigs.FirstOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } config)
        {
            return NotFound;
        }
        var model = await db.Models.FirstAsync(m => m.Id == config.ModelId, cancellationToken);
        var rates = await db.ModelRates.Where(r => r.ModelId == model.Id).ToDictionaryAsync(r => r.RateKey, cancellationToken);
        var (before, after) = SetRates(db, model, rates, wish.Rates);
        config.IsFree = wish.IsFree.Or(config.IsFree);
        config.IsEnabled = wish.IsEnabled.Or(config.IsEnabled);
        config.ImageTokenBound = wish.ImageTokenBound.Or(config.ImageTokenBound);
        config.PriceSource = SourceOf(rates.Values, config.PriceSource);
        config.UpdatedAt = change.Now;
        change.Audit("model_config.updated", ChangedEntities.Model, model.Id, config, before, after);
        change.Touch(ChangedEntities.Model, model.Id);
        return await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken));
    }

    private (Dictionary<string, object?> Before, Dictionary<string, object?> After) SetRates(
        HubDbContext db, CatalogModel model, Dictionary<string, ModelRate> rates, IReadOnlyDictionary<RateKey, Rate?> wish)
    {
        Dictionary<string, object?> before = [];
        Dictionary<string, object?> after = [];
        foreach (var (key, rate) in wish)
        {
            var name = key.ToString();
            var row = rates.GetValueOrDefault(name);
            var standing = row is null ? (decimal?)null : Rate.FromPicoUsd(row.PicoUsd).ToUsd();
            if (rate is { } own)
            {
                Put(name, own, PriceSources.Admin);
            }
            else if (row?.Source == PriceSources.Admin && synced.Find(model, key) is { } theirs)
            {
                Put(name, theirs.Rate, theirs.Source);
            }
            else if (row?.Source == PriceSources.Admin)
            {
                db.ModelRates.Remove(row);
                rates.Remove(name);
            }
            var now = rates.TryGetValue(name, out var changed) ? Rate.FromPicoUsd(changed.PicoUsd).ToUsd() : (decimal?)null;
            if (now != standing)
            {
                (before[$"rates.{name}"], after[$"rates.{name}"]) = (standing, now);
            }
        }
        return (before, after);

        void Put(string name, Rate rate, string source)
        {
            if (!rates.TryGetValue(name, out var row))
            {
                row = new ModelRate { ModelId = model.Id, RateKey = name, Source = source };
                rates.Add(name, row);
                db.ModelRates.Add(row);
            }
            (row.PicoUsd, row.Source) = (rate.PicoUsd, source);
        }
    }

    private static string SourceOf(IReadOnlyCollection<ModelRate> rates, string standing) =>
        rates.Any(r => r.Source == PriceSources.Admin) ? PriceSources.Admin
        : rates.Count > 0 ? rates.Select(r => r.Source).Order(StringComparer.Ordinal).First()
        : standing == PriceSources.Admin ? PriceSources.LiteLlm : standing;
}

/// <summary>What is to change of a model's config. A null rate goes back to what the upstream or the shipped list says.</summary>
internal sealed record ModelConfigUpdate(Sent<bool> IsFree, Sent<bool> IsEnabled, Sent<long?> ImageTokenBound, IReadOnlyDictionary<RateKey, Rate?> Rates);
