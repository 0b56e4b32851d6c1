using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>ApiKey, as it is shown (section 2.1): never the key, never its hash.</summary>
internal record ApiKeyResponse(
    string Id, string UserId, string? TeamId, string Name, string ApiKeyPreview, string? ExternalId, DateTime CreatedAt, DateTime? ExpiresAt, bool IsActive, List<string> Models,
    List<string> AllowedIps, decimal? MaxBudget, string? BudgetDuration, DateTime? PreviousSecretEndsAt, long UsageCount, decimal TotalCost, DateTime? LastUsed, Dictionary<string, long> ModelsUsed, Dictionary<string, long> ProvidersUsed)
{
    public static ApiKeyResponse From(ApiKey key, BudgetRow? budget, ApiKeyUsage? usage, IEnumerable<ModelUse> uses)
    {
        Dictionary<string, long> models = [];
        Dictionary<string, long> providers = [];
        foreach (var use in uses)
        {
            models[use.ModelName] = models.GetValueOrDefault(use.ModelName) + use.Requests;
            if (use.Provider is { } provider)
            {
                providers[provider] = providers.GetValueOrDefault(provider) + use.Requests;
            }
        }
        return new ApiKeyResponse(
            key.Id, key.UserId, key.TeamId, key.Name, key.Preview, key.ExternalId, key.CreatedAt, key.ExpiresAt, key.IsActive, key.Models,
            key.AllowedIps, budget is null ? null : Money.FromNanoUsd(budget.MaxBudgetNanoUsd).ToUsd(), budget?.BudgetDuration, key.PreviousSecretEndsAt,
            usage?.RequestCount ?? 0, Money.FromNanoUsd(usage?.TotalCostNanoUsd ?? 0).ToUsd(), usage?.LastUsedAt, models, providers);
    }
}

/// <summary>A key at its birth: the only answer that shows it.</summary>
internal sealed record CreatedApiKeyResponse : ApiKeyResponse
{
    public CreatedApiKeyResponse(ApiKeyResponse key, string apiKey) : base(key) => ApiKey = apiKey;

    public string ApiKey { get; }
}

/// <summary>How often a key called a model.</summary>
internal sealed record ModelUse(string ModelName, string? Provider, long Requests);

internal static class ApiKeyQueries
{
    /// <summary>A user's keys, or one of them, newest first, with their own caps and what traffic knows of them: four reads, however many keys.</summary>
    public static async Task<List<ApiKeyResponse>> FindApiKeysAsync(this HubDbContext db, string userId, string? keyId, CancellationToken cancellationToken)
    {
        var keys = await db.ApiKeys.AsNoTracking()
            .Where(k => k.UserId == userId && k.DeletedAt == null && (keyId == null || k.Id == keyId))
            .OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id)
            .GroupJoin(db.ApiKeyUsage, k => k.Id, u => u.ApiKeyId, (key, usages) => new { key, usages })
            .SelectMany(k => k.usages.DefaultIfEmpty(), (k, usage) => new { k.key, usage })
            .ToListAsync(cancellationToken);
        var sums = await db.DailyUsage.Where(d => d.UserId == userId && d.ApiKeyId != "" && (keyId == null || d.ApiKeyId == keyId))
            .GroupBy(d => new { d.ApiKeyId, d.ModelId })
            .Select(g => new { g.Key.ApiKeyId, g.Key.ModelId, Requests = g.Sum(d => d.Requests) })
            .ToListAsync(cancellationToken);
        var modelIds = sums.Select(s => s.ModelId).Distinct().ToList();
        var models = await db.Models.AsNoTracking().Where(m => modelIds.Contains(m.Id)).Select(m => new { m.Id, m.Name, m.Providers }).ToDictionaryAsync(m => m.Id, cancellationToken);
        var uses = sums.ToLookup(s => s.ApiKeyId, s => models.TryGetValue(s.ModelId, out var model)
            ? new ModelUse(model.Name, model.Providers.FirstOrDefault(), s.Requests)
            : new ModelUse(s.ModelId, null, s.Requests));
        var keyIds = keys.ConvertAll(k => k.key.Id);
        var budgets = await db.Budgets.AsNoTracking().Where(b => b.Source == BudgetSources.User && keyIds.Contains(b.ApiKeyId!)).ToDictionaryAsync(b => b.ApiKeyId!, cancellationToken);
        return keys.ConvertAll(k => ApiKeyResponse.From(k.key, budgets.GetValueOrDefault(k.key.Id), k.usage, uses[k.key.Id]));
    }
}
