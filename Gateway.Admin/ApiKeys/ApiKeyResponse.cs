using Gateway.Admin.Replies;
using Gateway.Core;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

/// <summary>ApiKey, as it is shown: never the key, never its hash.</summary>
[Alias("api_key", "api_keys")]
internal record ApiKeyResponse(
    string Id,
    string UserId,
    string? TeamId,
    string Name,
    string ApiKeyPreview,
    string? ExternalId,
    DateTime CreatedAt,
    DateTime? ExpiresAt,
    bool IsActive,
    List<string> Models,
    List<string> AllowedIps,
    decimal? MaxBudget,
    string? BudgetDuration,
    AdminLimitsResponse? AdminLimits,
    DateTime? PreviousSecretEndsAt,
    long UsageCount,
    decimal TotalCost,
    DateTime? LastUsed,
    Dictionary<string, long> ModelsUsed,
    Dictionary<string, long> ProvidersUsed
)
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
            key.Id,
            key.UserId,
            key.TeamId,
            key.Name,
            key.Preview,
            key.ExternalId,
            key.CreatedAt,
            key.ExpiresAt,
            key.IsActive,
            key.Models,
            key.AllowedIps,
            budget is null ? null : Money.UsdOf(budget.MaxBudgetNanoUsd),
            budget?.BudgetDuration,
            AdminLimitsResponse.From(key.AdminLimits, caps.Admins),
            key.PreviousSecretEndsAt,
            uses.Sum(u => u.Requests),
            Money.UsdOf(uses.SumOf(u => u.CostNanoUsd)),
            uses.Max(u => (DateTime?)u.LastUsedAt),
            models,
            providers
        );
    }
}
