using Gateway.Core;
using Gateway.Admin.Tombstones;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>ApiKey, as it is shown (section 2.1): never the key, never its hash.</summary>
internal record ApiKeyResponse(
    string Id, string UserId, string? TeamId, string Name, string ApiKeyPreview, string? ExternalId, DateTime CreatedAt, DateTime? ExpiresAt, bool IsActive, List<string> Models,
    List<string> AllowedIps, decimal? MaxBudget, string? BudgetDuration, AdminLimitsResponse? AdminLimits, DateTime? PreviousSecretEndsAt, long UsageCount, decimal TotalCost, DateTime? LastUsed, Dictionary<string, long> ModelsUsed, Dictionary<string, long> ProvidersUsed)
{
    public static ApiKeyResponse From(ApiKey key, KeyCaps caps, IReadOnlyCollection<ModelUse> uses)
    {
        var budget = caps.Shown;
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
            key.AllowedIps, budget is null ? null : Money.FromNanoUsd(budget.MaxBudgetNanoUsd).ToUsd(), budget?.BudgetDuration,
            AdminLimitsResponse.From(key.AdminLimits, caps.Admins), key.PreviousSecretEndsAt,
            uses.Sum(u => u.Requests), Money.FromNanoUsd(uses.SumOf(u => u.CostNanoUsd)).ToUsd(), uses.Max(u => (DateTime?)u.LastUsedAt), models, providers);
    }
}

/// <summary>A key at its birth: the only answer that shows it.</summary>
internal sealed record CreatedApiKeyResponse : ApiKeyResponse
{
    public CreatedApiKeyResponse(ApiKeyResponse key, string apiKey) : base(key) => ApiKey = apiKey;

    public string ApiKey { get; }
}

/// <summary>How often a key called a model, what that cost, and when it last did.</summary>
internal sealed record ModelUse(string ModelName, string? Provider, long Requests, long CostNanoUsd, DateTime LastUsedAt);

internal static class ApiKeyQueries
{
    /// <summary>A user's keys, or one of them, newest first, with their own caps and what traffic knows of them: four reads, however many keys.</summary>
    public static async Task<List<ApiKeyResponse>> FindApiKeysAsync(this HubDbContext db, string userId, string? keyId, CancellationToken cancellationToken)
    {
        var keys = await db.ApiKeys.AsNoTracking()
            .Where(k => k.UserId == userId && k.DeletedAt == null && (keyId == null || k.Id == keyId))
            .OrderByDescending(k => k.CreatedAt).ThenByDescending(k => k.Id)
            .ToListAsync(cancellationToken);
        var keyIds = keys.ConvertAll(k => k.Id);
        var usages = await db.ApiKeyUsage.AsNoTracking().Where(u => EF.Parameter(keyIds).Contains(u.ApiKeyId)).ToListAsync(cancellationToken);
        var modelIds = usages.Select(u => u.ModelId).Distinct().ToList();
        var models = await db.Models.AsNoTracking().Where(m => modelIds.Contains(m.Id)).Select(m => new { m.Id, m.Name, m.Providers }).ToDictionaryAsync(m => m.Id, cancellationToken);
        var names = await db.NamesOfModelsAsync(modelIds, cancellationToken);
        var uses = usages.ToLookup(u => u.ApiKeyId, u => models.TryGetValue(u.ModelId, out var model)
            ? new ModelUse(model.Name, model.Providers.FirstOrDefault(), u.RequestCount, u.TotalCostNanoUsd, u.LastUsedAt)
            : new ModelUse(names.GetValueOrDefault(u.ModelId, u.ModelId), null, u.RequestCount, u.TotalCostNanoUsd, u.LastUsedAt));
        var budgets = (await db.Budgets.AsNoTracking().Where(b => EF.Parameter(keyIds).Contains(b.ApiKeyId!)).ToListAsync(cancellationToken)).ToLookup(b => b.ApiKeyId);
        return keys.ConvertAll(k => ApiKeyResponse.From(k, KeyCaps.Of(k, budgets[k.Id]), [.. uses[k.Id]]));
    }
}
