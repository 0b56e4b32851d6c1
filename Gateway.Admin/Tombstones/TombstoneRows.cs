using Gateway.Admin.Changes;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Tombstones;

/// <summary>Sets and lifts tombstones within a change, and finds the names that they keep.</summary>
internal static class TombstoneRows
{
    private const int LongestName = 255;

    /// <summary>Sets the tombstone of a row that this change deletes.</summary>
    public static async Task BuryAsync(
        this Change change,
        string type,
        string id,
        string name,
        string? externalId,
        CancellationToken cancellationToken
    )
    {
        await change.OneAtATimeAsync(cancellationToken); // of two who delete it at once, the second finds the tombstone and then no row
        var kept =
            await change.Db.Tombstones.FindAsync([type, id], cancellationToken)
            ?? change
                .Db.Tombstones.Add(
                    new Tombstone
                    {
                        EntityType = type,
                        EntityId = id,
                        Name = "",
                    }
                )
                .Entity;
        (kept.Name, kept.ExternalId, kept.DeletedAt, kept.LiftedAt) = (
            name[..Math.Min(name.Length, LongestName)],
            externalId,
            change.Now,
            null
        );
    }

    /// <summary>Allows what was deleted under a name of LiteLLM's to come back: an admin makes it again.</summary>
    public static async Task LiftAsync(this Change change, string type, string? externalId, CancellationToken cancellationToken)
    {
        if (externalId is null)
        {
            return;
        }
        var held = change.Db.Tombstones.Where(t => t.EntityType == type && t.ExternalId == externalId && t.LiftedAt == null);
        foreach (var kept in await held.ToListAsync(cancellationToken))
        {
            kept.LiftedAt = change.Now;
            change.Audit($"{type}.restored", type, kept.EntityId, kept);
        }
    }

    /// <summary>The tombstones that keep a sync from bringing rows of one type back.</summary>
    public static Task<List<Tombstone>> FindHeldAsync(this HubDbContext db, string type, CancellationToken cancellationToken) =>
        db.Tombstones.Where(t => t.EntityType == type && t.ExternalId != null && t.LiftedAt == null).ToListAsync(cancellationToken);

    /// <summary>The names of models by id, also of those that were deleted.</summary>
    public static async Task<Dictionary<string, string>> NamesOfModelsAsync(
        this HubDbContext db,
        IReadOnlyCollection<string> ids,
        CancellationToken cancellationToken
    )
    {
        var names = await db
            .Models.Where(m => ids.Contains(m.Id))
            .Select(m => new { m.Id, m.Name })
            .ToDictionaryAsync(m => m.Id, m => m.Name, cancellationToken);
        var gone = ids.Where(id => !names.ContainsKey(id)).ToList();
        if (gone.Count > 0)
        {
            var kept = db.Tombstones.Where(t => t.EntityType == ChangedEntities.Model && gone.Contains(t.EntityId));
            foreach (var row in await kept.Select(t => new { t.EntityId, t.Name }).ToListAsync(cancellationToken))
            {
                names[row.EntityId] = row.Name;
            }
        }
        return names;
    }

    /// <summary>The names of models by the ledger's numbers, also of those that were deleted; the id of one that nobody knows.</summary>
    public static async Task<Dictionary<int, string>> NamesOfModelsAsync(
        this HubDbContext db,
        IReadOnlyCollection<int> numbers,
        CancellationToken cancellationToken
    )
    {
        var ids = await db
            .LedgerNames.Where(n => numbers.Contains(n.Number))
            .ToDictionaryAsync(n => n.Number, n => n.Name, cancellationToken);
        var names = await db.NamesOfModelsAsync(ids.Values, cancellationToken);
        return numbers.ToDictionary(n => n, n => ids.TryGetValue(n, out var id) ? names.GetValueOrDefault(id, id) : "");
    }
}
