using Gateway.Core.Changes;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// Writes down which models stand at which upstreams, as these list them. What an admin said stays. A LiteLLM that is the only upstream
/// needs no list: models that stand nowhere go to it.
/// </summary>
internal static class PlaceUpdate
{
    /// <summary>Adds to a change that has the reading's models.</summary>
    /// <returns>Whether anything is to be changed.</returns>
    public static async Task<bool> ApplyAsync(Change change, UpstreamReading reading, CancellationToken cancellationToken)
    {
        var modelIds = change
            .Db.Models.Local.Where(m => m.ExternalId is not null)
            .ToDictionary(m => m.ExternalId!, m => m.Id, StringComparer.Ordinal);
        var changed = false;
        foreach (var offer in reading.Offers.Where(o => o.Upstream.Kind != UpstreamKind.LiteLlm || reading.HasSeveral))
        {
            if (
                offer.Upstream.Id is { } upstreamId
                && await change.Db.Upstreams.FirstOrDefaultAsync(u => u.Id == upstreamId, cancellationToken) is { } row // it may be gone
            )
            {
                if (offer.FoundKind is { } found && row.Kind != found.Name)
                {
                    (row.Kind, row.UpdatedAt, changed) = (found.Name, change.Now, true);
                    change.Audit("upstream.updated", ChangedEntities.Upstream, row.Id, row);
                }
                var standing = await change.Db.UpstreamModels.Where(m => m.UpstreamId == upstreamId).ToListAsync(cancellationToken);
                changed |= Apply(change, upstreamId, standing, Wanted(offer, modelIds));
            }
        }
        return changed;
    }

    private static Dictionary<string, string> Wanted(UpstreamOffer offer, Dictionary<string, string> modelIds)
    {
        var wanted = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (model, nameThere) in offer.Models)
        {
            if (modelIds.TryGetValue(model.Name, out var id))
            {
                wanted.TryAdd(id, nameThere);
            }
        }
        return wanted;
    }

    private static bool Apply(Change change, string upstreamId, List<UpstreamModelRow> standing, Dictionary<string, string> wanted)
    {
        var changed = false;
        foreach (var row in standing)
        {
            var isListed = wanted.Remove(row.ModelId, out var name);
            if (row.IsByAdmin || (isListed && row.UpstreamName == name))
            {
                continue;
            }
            changed = true;
            if (isListed)
            {
                row.UpstreamName = name!;
            }
            else
            {
                change.Db.UpstreamModels.Remove(row);
            }
        }
        change.Db.UpstreamModels.AddRange(
            wanted.Select(w => new UpstreamModelRow
            {
                UpstreamId = upstreamId,
                ModelId = w.Key,
                UpstreamName = w.Value,
            })
        );
        return changed || wanted.Count > 0;
    }
}
