using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Core.Storage;

/// <summary>
/// Adds events, each once: of several nodes and several calls that tell the same thing (<see cref="EventRow.DedupeKey"/>) one is stored. An
/// event with <see cref="EventRow.NextDeliveryAt"/> set is sent to the webhook from then on.
/// </summary>
public sealed class EventWriter(IDbContextFactory<HubDbContext> databases, StoreProvider store)
{
    private static readonly string[] Columns =
    [
        "id",
        "type",
        "dedupe_key",
        "scope",
        "scope_id",
        "data",
        "created_at",
        "delivered_at",
        "delivery_attempts",
        "next_delivery_at",
    ];

    /// <summary>Adds an event in a transaction of its own.</summary>
    /// <returns>False when it was told already.</returns>
    public async Task<bool> TryAppendAsync(EventRow row, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return await TryAppendAsync(db, row, cancellationToken);
    }

    /// <summary>Adds an event, inside the transaction of <paramref name="db"/> when there is one.</summary>
    /// <returns>False when it was told already.</returns>
    public async Task<bool> TryAppendAsync(HubDbContext db, EventRow row, CancellationToken cancellationToken)
    {
        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        await using (own)
        {
            var inserted = await store.InsertNewAsync(
                db.Database.CurrentTransaction!.GetDbTransaction(),
                "events",
                Columns,
                "dedupe_key",
                [ValuesOf(row)],
                cancellationToken
            );
            if (own is not null)
            {
                await own.CommitAsync(cancellationToken);
            }
            return inserted.Count > 0;
        }
    }

    private static object?[] ValuesOf(EventRow row) =>
        [
            row.Id,
            row.Type,
            row.DedupeKey,
            row.Scope,
            row.ScopeId,
            row.Data,
            row.CreatedAt,
            row.DeliveredAt,
            row.DeliveryAttempts,
            row.NextDeliveryAt,
        ];
}
