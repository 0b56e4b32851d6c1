using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Usage;

/// <summary>Whose the calls in LiteLLM's logs are, and of which models here: read once for an import.</summary>
internal sealed class PayerBook
{
    private readonly Dictionary<string, Payer> _byKey;
    private readonly Dictionary<string, Payer> _byUser;
    private readonly Dictionary<string, string> _models;

    private PayerBook(Dictionary<string, Payer> byKey, Dictionary<string, Payer> byUser, Dictionary<string, string> models) =>
        (_byKey, _byUser, _models) = (byKey, byUser, models);

    public static async Task<PayerBook> LoadAsync(IDbContextFactory<HubDbContext> databases, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var users = await db
            .Users.AsNoTracking()
            .Join(
                db.Tiers,
                u => u.TierId,
                t => t.Id,
                (u, t) =>
                    new
                    {
                        u.Id,
                        u.TeamId,
                        u.TierId,
                        u.BillingMode,
                        OfTier = t.BillingMode,
                    }
            )
            .ToDictionaryAsync(u => u.Id, u => new Payer(u.Id, null, u.TeamId, u.TierId, u.BillingMode ?? u.OfTier), cancellationToken);
        // Deleted keys too: their last calls may come late.
        var keys = await db
            .ApiKeys.AsNoTracking()
            .Where(k => k.ExternalId != null)
            .Select(k => new
            {
                k.Id,
                k.UserId,
                k.TeamId,
                k.ExternalId,
            })
            .ToListAsync(cancellationToken);
        var byKey = keys.Where(k => users.ContainsKey(k.UserId))
            .DistinctBy(k => k.ExternalId)
            .ToDictionary(k => k.ExternalId!, k => users[k.UserId] with { ApiKeyId = k.Id, TeamId = k.TeamId ?? users[k.UserId].TeamId });
        var models = await db
            .Models.AsNoTracking()
            .Select(m => new
            {
                m.Id,
                m.Name,
                m.ExternalId,
            })
            .ToListAsync(cancellationToken);
        var byName = models.Where(m => m.ExternalId is not null).ToDictionary(m => m.ExternalId!, m => m.Id, StringComparer.Ordinal);
        foreach (var group in models.GroupBy(m => m.Name, StringComparer.Ordinal).Where(g => g.Count() == 1))
        {
            byName.TryAdd(group.Key, group.Single().Id);
        }
        return new PayerBook(byKey, users, byName);
    }

    /// <summary>Null: nobody here.</summary>
    public Payer? Find(SpendRow row) =>
        (row.KeyHash is { } hash ? _byKey.GetValueOrDefault(hash) : null) ?? (row.UserId is { } id ? _byUser.GetValueOrDefault(id) : null);

    /// <summary>The id of the catalogue's model; null when there is none.</summary>
    public string? FindModel(SpendRow row) => _models.GetValueOrDefault(row.ModelName);
}
