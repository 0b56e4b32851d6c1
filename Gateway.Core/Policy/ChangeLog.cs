using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Policy;

/// <summary>Writes down what a change touched. Nodes read it through <see cref="ChangeFeed"/>.</summary>
public static class ChangeLog
{
    /// <summary>
    /// Raises the revision and names what changed, inside the caller's transaction, which must hold the change itself too. From here to the
    /// commit the revision's row is locked, so that changes become visible in the order of their numbers: call it last.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no transaction.</exception>
    public static async Task AppendAsync(
        HubDbContext db,
        string entityType,
        string entityId,
        string? entityKey,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (db.Database.CurrentTransaction is null)
        {
            throw new InvalidOperationException("A change and its entry in the change log are one transaction.");
        }
        await db.PolicyRevisions.ExecuteUpdateAsync(set => set.SetProperty(r => r.Revision, r => r.Revision + 1), cancellationToken);
        var revision = await db.PolicyRevisions.Select(r => r.Revision).SingleAsync(cancellationToken);
        db.ChangeLog.Add(
            new ChangeLogEntry
            {
                Revision = revision,
                EntityType = entityType,
                EntityId = entityId,
                EntityKey = entityKey,
                ChangedAt = time.UtcNow(),
            }
        );
        await db.SaveChangesAsync(cancellationToken);
        if (SqlWords.For(db.Database).TellRevision(revision) is { } notice)
        {
            await db.Database.ExecuteSqlRawAsync(notice, cancellationToken);
        }
    }
}
