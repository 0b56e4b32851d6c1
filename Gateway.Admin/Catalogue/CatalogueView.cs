using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>A model with its company and its config; without a config it counts as enabled and not free.</summary>
internal sealed class ModelView
{
    public required CatalogModel Model { get; init; }

    public required Company Company { get; init; }

    public ModelConfig? Config { get; init; }
}

internal static class CatalogueViews
{
    public static IQueryable<ModelView> ModelViewsOf(this HubDbContext db) =>
        from model in db.Models
        join company in db.Companies on model.CompanyId equals company.Id
        join config in db.ModelConfigs on model.Id equals config.ModelId into configs
        from config in configs.DefaultIfEmpty()
        select new ModelView { Model = model, Company = company, Config = config };

    /// <summary>The rates of some models.</summary>
    public static async Task<ILookup<string, ModelRate>> FindRatesAsync(this HubDbContext db, List<string> modelIds, CancellationToken cancellationToken) =>
        (await db.ModelRates.AsNoTracking().Where(r => modelIds.Contains(r.ModelId)).ToListAsync(cancellationToken)).ToLookup(r => r.ModelId);

    /// <summary>A page of models with their prices, by name.</summary>
    public static async Task<Reply<IReadOnlyList<ModelResponse>>> ListAsync(
        this IQueryable<ModelView> found, HubDbContext db, PageRequest page, bool enabledOnly, CancellationToken cancellationToken)
    {
        var total = await found.LongCountAsync(cancellationToken);
        var views = await found.AsNoTracking().OrderBy(v => v.Model.Name).ThenBy(v => v.Model.Id).Skip(page.Offset).Take(page.Limit).ToListAsync(cancellationToken);
        return Reply.List("Models retrieved successfully", "models", await db.ShowAsync(views, enabledOnly, cancellationToken), total, page);
    }

    /// <summary>One model, enabled or not; null when there is none.</summary>
    public static async Task<ModelResponse?> FindModelAsync(this HubDbContext db, string id, bool enabledOnly, CancellationToken cancellationToken) =>
        await db.ModelViewsOf().AsNoTracking().FirstOrDefaultAsync(v => v.Model.Id == id, cancellationToken) is { } view ? (await db.ShowAsync([view], enabledOnly, cancellationToken))[0] : null;

    private static async Task<List<ModelResponse>> ShowAsync(this HubDbContext db, List<ModelView> views, bool enabledOnly, CancellationToken cancellationToken)
    {
        var rates = await db.FindRatesAsync(views.ConvertAll(v => v.Model.Id), cancellationToken);
        var counts = await db.CountModelsAsync([.. views.Select(v => v.Company.Id).Distinct()], enabledOnly, cancellationToken);
        return views.ConvertAll(v => ModelResponse.From(v, rates[v.Model.Id], counts.GetValueOrDefault(v.Company.Id)));
    }

    /// <summary>How many models, all or the enabled ones, some companies have.</summary>
    public static Task<Dictionary<string, int>> CountModelsAsync(this HubDbContext db, List<string> companyIds, bool enabledOnly, CancellationToken cancellationToken) =>
        db.Models.Where(m => companyIds.Contains(m.CompanyId)).Where(m => !enabledOnly || !db.ModelConfigs.Any(c => c.ModelId == m.Id && !c.IsEnabled)).GroupBy(m => m.CompanyId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancellationToken);
}

/// <summary>Company, as it is shown.</summary>
internal sealed record CompanyResponse(string Id, string Name, string? LogoUrl, string? Description, string? ExternalId, int ModelsCount, DateTime CreatedAt, DateTime UpdatedAt)
{
    public static CompanyResponse From(Company company, int modelsCount) =>
        new(company.Id, company.Name, company.LogoUrl, company.Description, company.ExternalId, modelsCount, company.CreatedAt, company.UpdatedAt);
}

/// <summary>Model, as it is shown. <c>providers</c> and <c>supported_openai_params</c> are JSON inside a text, because a client parses them once more.</summary>
internal sealed record ModelResponse(
    string Id, string CompanyId, string Name, string? Description, string? Features, string? ExternalId, List<string> Aliases, string Providers,
    long? MaxInputTokens, long? MaxOutputTokens, string Mode, bool SupportsParallelFunctionCalling, bool SupportsVision, bool SupportsWebSearch, bool SupportsReasoning,
    bool SupportsFunctionCalling, string SupportedOpenaiParams, long? PromptOverheadTokens, long? ToolsOverheadTokens, bool ReasoningOutsideMax, DateTime? LastSyncedAt, DateTime CreatedAt, DateTime UpdatedAt, CompanyResponse Company, ModelConfigResponse ModelConfig)
{
    public static ModelResponse From(ModelView view, IEnumerable<ModelRate> rates, int modelsOfCompany)
    {
        var model = view.Model;
        return new ModelResponse(
            model.Id, model.CompanyId, model.Name, model.Description, model.Features, model.ExternalId, model.Aliases, JsonSerializer.Serialize(model.Providers),
            model.MaxInputTokens, model.MaxOutputTokens, model.Mode, model.SupportsParallelFunctionCalling, model.SupportsVision, model.SupportsWebSearch, model.SupportsReasoning,
            model.SupportsFunctionCalling, JsonSerializer.Serialize(model.SupportedOpenAiParams), model.PromptOverheadTokens, model.ToolsOverheadTokens, model.ReasoningOutsideMax, model.LastSyncedAt, model.CreatedAt, model.UpdatedAt,
            CompanyResponse.From(view.Company, modelsOfCompany), ModelConfigResponse.From(view.Config ?? DefaultConfig(model), rates));
    }

    private static ModelConfig DefaultConfig(CatalogModel model) => new()
    {
        Id = "", ModelId = model.Id, IsFree = false, IsEnabled = true, PriceSource = PriceSources.LiteLlm, CreatedAt = model.CreatedAt, UpdatedAt = model.CreatedAt,
    };
}

/// <summary>ModelConfig, as it is shown: USD per token or item. The single prices are views of <c>rates</c>.</summary>
internal sealed record ModelConfigResponse(
    string Id, string ModelId, bool IsFree, bool IsEnabled, decimal? InputTokenCost, decimal? OutputTokenCost, decimal? CacheReadTokenCost, decimal? CacheWriteTokenCost,
    decimal? ReasoningTokenCost, decimal? InputAudioTokenCost, decimal? OutputAudioTokenCost, decimal? ImageCost, decimal? RequestCost, long? ImageTokenBound,
    IReadOnlyDictionary<string, decimal> Rates, IReadOnlyList<string> AdminRates, string PriceSource, DateTime CreatedAt, DateTime UpdatedAt)
{
    public static ModelConfigResponse From(ModelConfig config, IEnumerable<ModelRate> rows)
    {
        var sorted = rows.OrderBy(r => r.RateKey, StringComparer.Ordinal).ToList();
        var rates = sorted.ToDictionary(r => r.RateKey, r => Rate.FromPicoUsd(r.PicoUsd).ToUsd());
        return new ModelConfigResponse(
            config.Id, config.ModelId, config.IsFree, config.IsEnabled, View("input_token_cost"), View("output_token_cost"), View("cache_read_token_cost"), View("cache_write_token_cost"),
            View("reasoning_token_cost"), View("input_audio_token_cost"), View("output_audio_token_cost"), View("image_cost"), View("request_cost"), config.ImageTokenBound,
            rates, [.. sorted.Where(r => r.Source == PriceSources.Admin).Select(r => r.RateKey)], config.PriceSource, config.CreatedAt, config.UpdatedAt);

        decimal? View(string member) => rates.TryGetValue(PriceViews.All[member].ToString(), out var rate) ? rate : null;
    }
}

/// <summary>The single prices of a model config, by member, and the rate that each one shows.</summary>
internal static class PriceViews
{
    public static IReadOnlyDictionary<string, RateKey> All { get; } = new Dictionary<string, RateKey>
    {
        ["input_token_cost"] = RateKey.For(TokenClass.Input),
        ["output_token_cost"] = RateKey.For(TokenClass.Output),
        ["cache_read_token_cost"] = RateKey.For(TokenClass.CacheRead),
        ["cache_write_token_cost"] = RateKey.For(TokenClass.CacheWrite),
        ["reasoning_token_cost"] = RateKey.For(TokenClass.Reasoning),
        ["input_audio_token_cost"] = RateKey.For(TokenClass.InputAudio),
        ["output_audio_token_cost"] = RateKey.For(TokenClass.OutputAudio),
        ["image_cost"] = RateKey.For(PricedItem.Image),
        ["request_cost"] = RateKey.For(PricedItem.Request),
    };
}
