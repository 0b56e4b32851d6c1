using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;

namespace Gateway.Core.Policy;

/// <summary>Makes a <see cref="PolicySnapshot"/> of rows, or names everything that is wrong with them.</summary>
public static class PolicyCompiler
{
    /// <summary>Compiles; false with all faults, one sentence each, when the rows contradict themselves.</summary>
    public static bool TryCompile(PolicyRows rows, [NotNullWhen(true)] out PolicySnapshot? snapshot, out IReadOnlyList<string> faults)
    {
        List<string> found = [];
        var configs = rows.Configs.ToDictionary(c => c.ModelId);
        var rates = rows.Rates.ToLookup(r => r.ModelId);
        var places = new PlaceCompiler(rows);
        var models = rows
            .Models.Select(m => (Row: m, Model: Compile(m, configs.GetValueOrDefault(m.Id), rates[m.Id], places.Of(m), found)))
            .OrderBy(m => m.Model.Name, StringComparer.Ordinal)
            .ThenBy(m => m.Row.Id, StringComparer.Ordinal)
            .ToList();
        var byName = Names(models, found);
        var tiers = TierCompiler.CompileTiers(rows, found);
        var quotas = TierCompiler.CompileQuotas(rows, found);
        faults = found;
        snapshot =
            found.Count == 0
                ? new PolicySnapshot(
                    rows.Revision,
                    [.. models.Select(m => m.Model)],
                    byName.ToFrozenDictionary(StringComparer.Ordinal),
                    tiers,
                    quotas
                )
                {
                    Upstreams = rows.Upstreams,
                    OnlyAllowed = rows.DeniesUnlimited ? rows.TierRates.Select(l => (l.TierId!, l.ModelId ?? "")).ToFrozenSet() : null,
                }
                : null;
        return snapshot is not null;
    }

    private static PolicyModel Compile(
        CatalogModel row,
        ModelConfig? config,
        IEnumerable<ModelRate> rates,
        IReadOnlyList<ModelPlace> places,
        List<string> faults
    )
    {
        var prices = CompilePrices(row.Name, rates, faults);
        return new PolicyModel
        {
            Id = row.Id,
            Name = row.ExternalId ?? row.Name,
            UpstreamName = row.ExternalId ?? row.Name,
            Places = places,
            Provider = row.Providers.Count > 0 ? row.Providers[0] : null,
            Providers = PlaceCompiler.ProvidersOf(row, places),
            Mode = row.Mode,
            IsEnabled = config?.IsEnabled ?? true,
            IsFree = config?.IsFree ?? false,
            Prices = prices,
            MaxInputTokens = row.MaxInputTokens,
            MaxOutputTokens = row.MaxOutputTokens,
            PromptOverheadTokens = row.PromptOverheadTokens,
            ToolsOverheadTokens = row.ToolsOverheadTokens,
            ImageTokenBound = config?.ImageTokenBound,
            ReasoningOutsideMax = row.ReasoningOutsideMax,
            TakesMaxTokens =
                row.SupportedOpenAiParams.Contains("max_tokens") || !row.SupportedOpenAiParams.Contains("max_completion_tokens"),
            SupportedParameters = row.SupportedOpenAiParams,
            TakesTemperature = row.SupportedOpenAiParams.Count == 0 || row.SupportedOpenAiParams.Contains("temperature"),
            SupportsVision = row.SupportsVision,
            CreatedAt = row.CreatedAt,
        };
    }

    private static PriceTable CompilePrices(string model, IEnumerable<ModelRate> rates, List<string> faults)
    {
        List<StatedRate> known = [];
        foreach (var row in rates)
        {
            if (!RateKey.TryParse(row.RateKey, out var key))
            {
                faults.Add($"Model {model}: \"{row.RateKey}\" is no rate.");
            }
            else if (row.PicoUsd < 0)
            {
                faults.Add($"Model {model}: the rate \"{row.RateKey}\" is negative.");
            }
            else
            {
                known.Add(new StatedRate(key, Rate.FromPicoUsd(row.PicoUsd)));
            }
        }
        return PriceTable.Create(known);
    }

    // A name that is more than one model's own belongs to none; an alias must not take another model's name.
    private static Dictionary<string, PolicyModel> Names(List<(CatalogModel Row, PolicyModel Model)> models, List<string> faults)
    {
        var names = new Dictionary<string, PolicyModel>(StringComparer.Ordinal);
        foreach (var (_, model) in models.Where(m => m.Row.ExternalId is not null))
        {
            names[model.Name] = model;
        }
        foreach (var group in models.GroupBy(m => m.Row.Name, StringComparer.Ordinal).Where(g => g.Count() == 1))
        {
            names.TryAdd(group.Key, group.Single().Model);
        }
        foreach (var (row, model) in models)
        {
            names.TryAdd(row.Id, model);
        }
        foreach (var (row, model) in models)
        {
            foreach (var alias in row.Aliases)
            {
                if (!names.TryAdd(alias, model) && !ReferenceEquals(names[alias], model))
                {
                    faults.Add($"Model {row.Name}: the alias \"{alias}\" is the name of model {names[alias].Name} already.");
                }
            }
        }
        return names;
    }
}
