using Gateway.Core.Configuration;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;

namespace Gateway.Ledger;

/// <summary>Writes ended calls, their entries and all sums, in one transaction.</summary>
internal sealed class UsageBatch(StoreProvider store, AttributionOptions? attribution = null)
{
    private readonly LedgerDictionary _dictionary = new(store);
    private readonly LedgerTables _tables = new(store);
    private readonly LabelRoom _labels = new(attribution ?? new AttributionOptions());

    /// <summary>Writes calls; those that stand in the ledger already are left as they are and summed no second time.</summary>
    public async Task WriteAsync(HubDbContext db, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        // Before: what is remembered of it must not be rolled back.
        await _dictionary.NumberAsync(db, records, cancellationToken);
        await _labels.FoldAsync(db, records, cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        await _tables.AddAsync(db, records, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        store.KeepLogShort();
    }
}
