using Gateway.Admin.Changes;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Makes, changes and takes away switches and prices of models.</summary>
internal sealed class ModelConfigUpdates(ChangeWriter changes, SyncedPrices synced)
{
    public static readonly ApiError NotFound = ApiError.NotFound("Model config not found");

    /// <summary>Makes the config of a model that has none.</summary>
    public async Task<(string? Id, ApiError? Refusal)> CreateAsync(
        string modelId,
        ModelConfigUpdate wish,
        Actor actor,
        CancellationToken cancellationToken
    )
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        if (await change.Db.Models.FirstOrDefaultAsync(m => m.Id == modelId, cancellationToken) is not { } model)
        {
            return (null, ApiError.ModelNotFound);
        }
        if (await change.Db.ModelConfigs.AnyAsync(c => c.ModelId == modelId, cancellationToken))
        {
            return (null, ApiError.Conflict("The model has a config already"));
        }
        var config = NewRow(modelId, change.Now);
        change.Db.ModelConfigs.Add(config);
        var (_, wrong) = await ApplyAsync(change, model, config, wish, "model_config.created", cancellationToken);
        return (config.Id, wrong ?? await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken)));
    }

    /// <summary>Takes a config away: the model is enabled, not free, and has the prices of the upstream again.</summary>
    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> DeleteAsync(string id, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        if (await change.Db.ModelConfigs.FirstOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } config)
        {
            return NotFound;
        }
        var model = await change.Db.Models.FirstAsync(m => m.Id == config.ModelId, cancellationToken);
        var rates = await change.Db.ModelRates.Where(r => r.ModelId == model.Id).ToDictionaryAsync(r => r.RateKey, cancellationToken);
        var cleared = new Dictionary<RateKey, Rate?>();
        foreach (var name in rates.Values.Where(r => r.Source == PriceSources.Admin).Select(r => r.RateKey))
        {
            if (RateKey.TryParse(name, out var key))
            {
                cleared[key] = null;
            }
        }
        var (before, after) = SetRates(change.Db, model, rates, cleared);
        change.Db.ModelConfigs.Remove(config);
        change.Audit("model_config.deleted", ChangedEntities.Model, model.Id, config, before, after);
        change.Touch(ChangedEntities.Model, model.Id);
        return await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken));
    }

    /// <returns>Why not; null when it is done.</returns>
    public async Task<ApiError?> UpdateAsync(string id, ModelConfigUpdate wish, Actor actor, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(actor, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken); // a sync that runs now must see these prices, or these the sync's
        var db = change.Db;
        if (await db.ModelConfigs.FirstOrDefaultAsync(c => c.Id == id, cancellationToken) is not { } config)
        {
            return NotFound;
        }
        var model = await db.Models.FirstAsync(m => m.Id == config.ModelId, cancellationToken);
        var (_, wrong) = await ApplyAsync(change, model, config, wish, "model_config.updated", cancellationToken);
        return wrong ?? await change.CommitAsync(cancellationToken, PolicyRule.Compiles(cancellationToken));
    }

    /// <summary>The config that a model has without any decision: enabled, not free.</summary>
    public static ModelConfig NewRow(string modelId, DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            ModelId = modelId,
            IsFree = false,
            IsEnabled = true,
            PriceSource = PriceSources.LiteLlm,
            CreatedAt = now,
            UpdatedAt = now,
        };

    /// <summary>Adds what is wished of a config, new or standing, to a change.</summary>
    /// <returns>The rates that are the admin's word (null: cleared), and why not; the change is not to be stored then.</returns>
    public async Task<(IReadOnlyDictionary<RateKey, Rate?> Own, ApiError? Refusal)> ApplyAsync(
        Change change,
        CatalogModel model,
        ModelConfig config,
        ModelConfigUpdate wish,
        string action,
        CancellationToken cancellationToken
    )
    {
        var rates = await change.Db.ModelRates.Where(r => r.ModelId == model.Id).ToDictionaryAsync(r => r.RateKey, cancellationToken);
        config.IsFree = wish.IsFree.Or(config.IsFree);
        var (own, refusal) = SentPrices.Judge(rates.Values, wish.Rates, config.IsFree);
        if (refusal is not null)
        {
            return (own, refusal);
        }
        var (before, after) = SetRates(change.Db, model, rates, own);
        config.IsEnabled = wish.IsEnabled.Or(config.IsEnabled);
        config.ImageTokenBound = wish.ImageTokenBound.Or(config.ImageTokenBound);
        config.ChatTier = wish.ChatTier.Or(config.ChatTier);
        config.PriceSource = SourceOf(rates.Values, config.PriceSource);
        config.UpdatedAt = change.Now;
        change.Audit(action, ChangedEntities.Model, model.Id, config, before, after);
        change.Touch(ChangedEntities.Model, model.Id);
        return (own, null);
    }

    private (Dictionary<string, object?> Before, Dictionary<string, object?> After) SetRates(
        HubDbContext db,
        CatalogModel model,
        Dictionary<string, ModelRate> rates,
        IReadOnlyDictionary<RateKey, Rate?> wish
    )
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
                row = new ModelRate
                {
                    ModelId = model.Id,
                    RateKey = name,
                    Source = source,
                };
                rates.Add(name, row);
                db.ModelRates.Add(row);
            }
            (row.PicoUsd, row.Source) = (rate.PicoUsd, source);
        }
    }

    private static string SourceOf(IReadOnlyCollection<ModelRate> rates, string standing) =>
        rates.Any(r => r.Source == PriceSources.Admin) ? PriceSources.Admin
        : rates.Count > 0 ? rates.Select(r => r.Source).Order(StringComparer.Ordinal).First()
        : standing == PriceSources.Admin ? PriceSources.LiteLlm
        : standing;
}
