using System.Data.Common;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Texts;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Core.Changes;

/// <summary>Opens changes: the only way in which decisions of people, and of an issuer, are written to the database.</summary>
public sealed class ChangeWriter(
    IDbContextFactory<HubDbContext> databases,
    ChangeFeed feed,
    StoreProvider store,
    TimeProvider time,
    ILogger<Change> logger
)
{
    private const int LongestEntityId = 64;

    /// <summary>
    /// Begins a change. What is slow (hashing, asking the upstream) belongs before: on SQLite nobody else writes until it ends.
    /// </summary>
    public async Task<Change> BeginAsync(ChangeActor actor, CancellationToken cancellationToken)
    {
        var db = await databases.CreateDbContextAsync(cancellationToken);
        try
        {
            var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
            return new Change(db, transaction, actor, feed, time, logger);
        }
        catch
        {
            await db.DisposeAsync();
            throw;
        }
    }

    /// <summary>Writes down who did what, where nothing is stored here.</summary>
    public async Task AuditAsync(string action, string entityType, string entityId, ChangeActor actor, CancellationToken cancellationToken)
    {
        await Deadlocks.RunAsync(async () =>
        {
            await using var change = await BeginAsync(actor, cancellationToken);
            change.AuditEvent(action, entityType, TextCut.First(entityId, LongestEntityId));
            await change.CommitAsync(cancellationToken);
            return true;
        });
    }

    /// <summary>Whether a change failed because another one took a unique value first.</summary>
    public bool IsUniqueViolation(DbUpdateException fault) => fault.InnerException is DbException inner && store.IsUniqueViolation(inner);
}
