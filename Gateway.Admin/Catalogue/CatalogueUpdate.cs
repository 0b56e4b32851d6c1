using Gateway.Admin.Changes;
using Gateway.Admin.Tombstones;
using Gateway.Core.Storage.Entities;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>Puts what was read of the upstream into the catalogue, in one change.</summary>
internal sealed class CatalogueUpdate(ChangeWriter changes, SyncedPrices synced)
{
    public async Task<SyncResult> ApplyAsync(UpstreamReading reading, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(Actor.System, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken); // an admin who sets a price now waits, so that the price is not lost
        var work = await LoadAsync(change, cancellationToken);
        work.IsPartial = reading.IsPartial;
        if (reading.Unread.Count > 0)
        {
            var unread = reading.Unread.ToList();
            var untold = change.Db.UpstreamModels.Where(m => unread.Contains(m.UpstreamId)).Select(m => m.ModelId);
            work.Untold = (await untold.ToListAsync(cancellationToken)).ToHashSet(StringComparer.Ordinal);
        }
        foreach (var offered in reading.Models)
        {
            work.Take(offered);
        }
        var seen = reading.Models.Select(m => m.Name).ToHashSet(StringComparer.Ordinal);
        var hasMoved = await PlaceUpdate.ApplyAsync(change, reading, cancellationToken);
        var result = new SyncResult(
            work.Created,
            work.Updated,
            work.Unchanged,
            work.CompaniesCreated,
            [.. work.KnownNames.Where(n => !seen.Contains(n) && !work.IsUntold(n)).Order(StringComparer.Ordinal)],
            [.. reading.Errors, .. work.Errors],
            DurationMs: 0
        )
        {
            Deleted = work.Deleted,
        };
        if (work.HasChanged)
        {
            change.AuditEvent(
                "models.synced",
                ChangedEntities.Model,
                "*",
                new Dictionary<string, object?>
                {
                    ["created"] = result.Created,
                    ["updated"] = result.Updated,
                    ["companies_created"] = result.CompaniesCreated,
                }
            );
            change.Touch(ChangedEntities.Model, "*");
        }
        if (hasMoved)
        {
            change.Touch(ChangedEntities.Upstream, "*");
        }
        await change
            .Db.Models.Where(m => seen.Contains(m.ExternalId!))
            .ExecuteUpdateAsync(set => set.SetProperty(m => m.LastSyncedAt, change.Now), cancellationToken);
        await change.CommitAsync(cancellationToken);
        if (!reading.IsPartial && reading.Unread.Count == 0)
        {
            synced.Remember(reading.Models);
        }
        return result;
    }

    /// <summary>Takes over the companies alone.</summary>
    public async Task<SyncResult> ApplyCompaniesAsync(UpstreamReading reading, CancellationToken cancellationToken)
    {
        await using var change = await changes.BeginAsync(Actor.System, cancellationToken);
        await change.OneAtATimeAsync(cancellationToken);
        var work = await LoadAsync(change, cancellationToken);
        var providers = reading.Models.SelectMany(m => m.Providers).Distinct(StringComparer.OrdinalIgnoreCase).ToList();
        providers.ForEach(work.TakeCompany);
        var taken = providers.Count - work.Deleted.Count;
        if (work.CompaniesCreated > 0)
        {
            change.AuditEvent(
                "companies.synced",
                ChangedEntities.Company,
                "*",
                new Dictionary<string, object?> { ["created"] = work.CompaniesCreated }
            );
            change.Touch(ChangedEntities.Company, "*");
        }
        await change.CommitAsync(cancellationToken);
        return new SyncResult(
            work.CompaniesCreated,
            0,
            taken - work.CompaniesCreated,
            work.CompaniesCreated,
            [],
            reading.Errors,
            DurationMs: 0
        )
        {
            Deleted = work.Deleted,
        };
    }

    private static async Task<CatalogueWork> LoadAsync(Change change, CancellationToken cancellationToken) =>
        new(
            change.Db,
            change.Now,
            await change.Db.Models.ToListAsync(cancellationToken),
            await change.Db.Companies.ToListAsync(cancellationToken),
            await change.Db.ModelConfigs.ToDictionaryAsync(c => c.ModelId, cancellationToken),
            (await change.Db.ModelRates.ToListAsync(cancellationToken)).ToLookup(r => r.ModelId)
        )
        {
            HeldModels = (await change.Db.FindHeldAsync(ChangedEntities.Model, cancellationToken))
                .Select(t => t.ExternalId!)
                .ToHashSet(StringComparer.Ordinal),
            HeldCompanies = (await change.Db.FindHeldAsync(ChangedEntities.Company, cancellationToken)).ToLookup(
                t => t.ExternalId!,
                StringComparer.OrdinalIgnoreCase
            ),
        };
}
