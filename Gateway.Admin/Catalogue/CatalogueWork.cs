using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>The catalogue's rows while one sync works on them.</summary>
internal sealed class CatalogueWork
{
    private readonly HubDbContext _db;
    private readonly DateTime _now;
    private readonly Dictionary<string, CatalogModel> _models;
    private readonly Dictionary<string, string> _aliases;
    private readonly Dictionary<string, Company> _companies;
    private readonly Dictionary<string, ModelConfig> _configs;
    private readonly ILookup<string, ModelRate> _rates;

    public CatalogueWork(
        HubDbContext db,
        DateTime now,
        List<CatalogModel> models,
        List<Company> companies,
        Dictionary<string, ModelConfig> configs,
        ILookup<string, ModelRate> rates
    )
    {
        (_db, _now, _configs, _rates) = (db, now, configs, rates);
        _models = models.Where(m => m.ExternalId is not null).ToDictionary(m => m.ExternalId!, StringComparer.Ordinal);
        _aliases = models
            .SelectMany(m => m.Aliases.Select(alias => (alias, m.Name)))
            .DistinctBy(a => a.alias)
            .ToDictionary(a => a.alias, a => a.Name, StringComparer.Ordinal);
        _companies = companies
            .Where(c => c.ExternalId is not null)
            .DistinctBy(c => c.ExternalId!.ToLowerInvariant())
            .ToDictionary(c => c.ExternalId!, StringComparer.OrdinalIgnoreCase);
        KnownNames = [.. _models.Keys];
    }

    /// <summary>The upstream names that stood in the catalogue before.</summary>
    public IReadOnlyList<string> KnownNames { get; }

    /// <summary>Whether what the upstream does not tell stays as it is.</summary>
    public bool IsPartial { get; set; }

    /// <summary>Ids of models that stand at an upstream which did not tell: what others tell of them is not all.</summary>
    public IReadOnlySet<string> Untold { get; set; } = new HashSet<string>();

    /// <summary>Models that an admin deleted: they do not come back.</summary>
    public required IReadOnlySet<string> HeldModels { get; init; }

    /// <summary>Companies that an admin deleted: they come back only when a new model needs them.</summary>
    public required ILookup<string, Tombstone> HeldCompanies { get; init; }

    /// <summary>What the upstream has and an admin deleted.</summary>
    public List<string> Deleted { get; } = [];

    public List<SyncError> Errors { get; } = [];

    public int Created { get; private set; }

    public int Updated { get; private set; }

    public int Unchanged { get; private set; }

    public int CompaniesCreated { get; private set; }

    public bool HasChanged => Created + Updated + CompaniesCreated > 0;

    /// <summary>Whether an upstream did not tell of that model.</summary>
    public bool IsUntold(string name) => _models.TryGetValue(name, out var model) && Untold.Contains(model.Id);

    public void Take(UpstreamModel offered)
    {
        if (IsUntold(offered.Name))
        {
            Unchanged++;
        }
        else if (_models.TryGetValue(offered.Name, out var model))
        {
            Refresh(model, offered);
        }
        else if (HeldModels.Contains(offered.Name))
        {
            Deleted.Add(offered.Name);
        }
        else if (_aliases.TryGetValue(offered.Name, out var owner))
        {
            Errors.Add(new SyncError(offered.Name, $"The name is an alias of model {owner} here.")); // with both, no policy would compile
        }
        else
        {
            Add(offered);
        }
    }

    public void TakeCompany(string provider)
    {
        if (!_companies.ContainsKey(provider) && HeldCompanies.Contains(provider))
        {
            Deleted.Add(provider);
            return;
        }
        CompanyOf(provider);
    }

    private void Add(UpstreamModel offered)
    {
        var model = new CatalogModel
        {
            Id = NewId(),
            CompanyId = CompanyOf(offered.Providers[0]).Id,
            Name = offered.Name,
            Description = $"AI model: {offered.Name}",
            ExternalId = offered.Name,
            Mode = offered.Mode,
            LastSyncedAt = _now,
            CreatedAt = _now,
            UpdatedAt = _now,
        };
        SetTechnicalFields(model, offered);
        _db.Models.Add(model);
        _db.ModelConfigs.Add(
            new ModelConfig
            {
                Id = NewId(),
                ModelId = model.Id,
                IsFree = false,
                IsEnabled = true,
                PriceSource = offered.PriceSource,
                CreatedAt = _now,
                UpdatedAt = _now,
            }
        );
        SetRates(model.Id, [], offered);
        Created++;
    }

    private void Refresh(CatalogModel model, UpstreamModel offered)
    {
        SetTechnicalFields(model, offered);
        var modelChanged = _db.Entry(model).State == EntityState.Modified;
        // A shipped price stands in for one that nobody told: it does not push out one that was told.
        var keepsPrices = IsPartial && offered.PriceSource == PriceSources.Shipped && _rates[model.Id].Any();
        var ratesChanged = !keepsPrices && SetRates(model.Id, [.. _rates[model.Id]], offered);
        var sourceChanged = false;
        if (_configs.TryGetValue(model.Id, out var config) && !keepsPrices && !(IsPartial && offered.Prices.IsEmpty))
        {
            config.PriceSource = _rates[model.Id].Any(r => r.Source == PriceSources.Admin) ? PriceSources.Admin : offered.PriceSource;
            sourceChanged = _db.Entry(config).State == EntityState.Modified;
        }
        if (!modelChanged && !ratesChanged && !sourceChanged)
        {
            Unchanged++;
            return;
        }
        model.UpdatedAt = _now;
        if (config is not null && (ratesChanged || sourceChanged))
        {
            config.UpdatedAt = _now;
        }
        Updated++;
    }

    private void SetTechnicalFields(CatalogModel model, UpstreamModel offered)
    {
        Set("providers", () => model.Providers = [.. offered.Providers]);
        Set(
            "supported_openai_params",
            () =>
                model.SupportedOpenAiParams =
                    IsPartial && offered.OpenAiParams.Count == 0 ? model.SupportedOpenAiParams : [.. offered.OpenAiParams]
        );
        Set("max_input_tokens", () => model.MaxInputTokens = offered.MaxInputTokens ?? (IsPartial ? model.MaxInputTokens : null));
        Set("max_output_tokens", () => model.MaxOutputTokens = offered.MaxOutputTokens ?? (IsPartial ? model.MaxOutputTokens : null));
        Set("mode", () => model.Mode = offered.Mode);
        Set("supports_vision", () => model.SupportsVision = offered.Supports.Contains("vision"));
        Set("supports_function_calling", () => model.SupportsFunctionCalling = offered.Supports.Contains("function_calling"));
        Set(
            "supports_parallel_function_calling",
            () => model.SupportsParallelFunctionCalling = offered.Supports.Contains("parallel_function_calling")
        );
        Set("supports_web_search", () => model.SupportsWebSearch = offered.Supports.Contains("web_search"));
        Set("supports_reasoning", () => model.SupportsReasoning = offered.Supports.Contains("reasoning"));

        void Set(string member, Action set)
        {
            if (!model.AdminEdited.Contains(member))
            {
                set();
            }
        }
    }

    // Rows are touched only where a rate differs; the admin's are never.
    private bool SetRates(string modelId, List<ModelRate> standing, UpstreamModel offered)
    {
        var changed = false;
        var byAdmin = standing.Where(r => r.Source == PriceSources.Admin).Select(r => r.RateKey).ToHashSet();
        var wanted = offered.Prices.Stated.ToDictionary(s => s.Key.ToString(), s => s.Rate.PicoUsd);
        foreach (var row in standing.Where(r => r.Source != PriceSources.Admin))
        {
            if (!wanted.Remove(row.RateKey, out var rate))
            {
                if (!IsPartial)
                {
                    _db.ModelRates.Remove(row);
                    changed = true;
                }
            }
            else if (row.PicoUsd != rate || row.Source != offered.PriceSource)
            {
                (row.PicoUsd, row.Source) = (rate, offered.PriceSource);
                changed = true;
            }
        }
        foreach (var (key, rate) in wanted.Where(w => !byAdmin.Contains(w.Key)))
        {
            _db.ModelRates.Add(
                new ModelRate
                {
                    ModelId = modelId,
                    RateKey = key,
                    PicoUsd = rate,
                    Source = offered.PriceSource,
                }
            );
            changed = true;
        }
        return changed;
    }

    private Company CompanyOf(string provider)
    {
        if (!_companies.TryGetValue(provider, out var company))
        {
            company = new Company
            {
                Id = NewId(),
                Name = provider,
                Description = $"AI provider {provider}",
                ExternalId = provider,
                CreatedAt = _now,
                UpdatedAt = _now,
            };
            _db.Companies.Add(company);
            _companies.Add(provider, company);
            foreach (var kept in HeldCompanies[provider])
            {
                kept.LiftedAt = _now;
            }
            CompaniesCreated++;
        }
        return company;
    }

    private static string NewId() => Guid.CreateVersion7().ToString();
}
