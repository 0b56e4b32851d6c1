using Gateway.Admin.Tombstones;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.ApiKeys;

internal static class ApiKeyQueries
{
    /// <summary>
    /// A user's keys, or one of them, newest first, with their own caps and what traffic knows of them: four reads, however many keys.
    /// </summary>
    public static async Task<List<ApiKeyResponse>> FindApiKeysAsync(
        this HubDbContext db,
        string userId,
        string? keyId,
        CancellationToken cancellationToken
    )
    {
        var keys = await db
            .ApiKeys.AsNoTracking()
            .Where(k => k.UserId == userId && k.DeletedAt == null && (keyId == null || k.Id == keyId))
            .OrderByDescending(k => k.CreatedAt)
            .ThenByDescending(k => k.Id)
            .ToListAsync(cancellationToken);
        var keyIds = keys.ConvertAll(k => k.Id);
        var usages = await db.ApiKeyUsage.AsNoTracking().Where(u => keyIds.Contains(u.ApiKeyId)).ToListAsync(cancellationToken);
        var modelIds = usages.Select(u => u.ModelId).Distinct().ToList();
        var models = await db
            .Models.AsNoTracking()
            .Where(m => modelIds.Contains(m.Id))
            .Select(m => new
            {
                m.Id,
                m.Name,
                m.Providers,
            })
            .ToDictionaryAsync(m => m.Id, cancellationToken);
        var names = await db.NamesOfModelsAsync(modelIds, cancellationToken);
        var uses = usages.ToLookup(
            u => u.ApiKeyId,
            u =>
                models.TryGetValue(u.ModelId, out var model)
                    ? new ModelUse(model.Name, model.Providers.FirstOrDefault(), u.RequestCount, u.TotalCostNanoUsd, u.LastUsedAt)
                    : new ModelUse(names.GetValueOrDefault(u.ModelId, u.ModelId), null, u.RequestCount, u.TotalCostNanoUsd, u.LastUsedAt)
        );
        var budgets = (
            await db.Budgets.AsNoTracking().Where(b => keyIds.Contains(b.ApiKeyId!) && b.EndUser == null).ToListAsync(cancellationToken)
        ).ToLookup(b => b.ApiKeyId);
        return keys.ConvertAll(k => ApiKeyResponse.From(k, KeyCaps.Of(k, budgets[k.Id]), [.. uses[k.Id]]));
    }
}
