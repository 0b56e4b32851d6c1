using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Ledger;

/// <summary>
/// Writes settled calls in one transaction: the ledger's rows, and for those that were not there yet the hourly and daily sums, those in
/// less detail, the keys' and the users'. Writing the same calls again changes nothing. Plain SQL: it costs a fraction of change tracking.
/// </summary>
internal sealed class UsageBatch(StoreProvider store)
{
    /// <summary>Writes calls; those that stand in the ledger already are left as they are and summed no second time.</summary>
    public async Task WriteAsync(HubDbContext db, IReadOnlyList<UsageRecord> records, CancellationToken cancellationToken)
    {
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var inserted = await InsertAsync(records);
        var added = records.Where(r => inserted.Remove(r.Id)).ToList();
        await AddAsync(UsageSums.Rollups<HourlyUsage>(added, UtcTime.HourOf));
        await AddAsync(UsageSums.Rollups<DailyUsage>(added, UtcTime.DayOf));
        await AddAsync(UsageSums.Totals(added));
        await AddAsync(UsageSums.Keys(added));
        await AddAsync(UsageSums.Accounts(added));
        await AddAsync(UsageSums.Budgets(added));
        await transaction.CommitAsync(cancellationToken);
        store.KeepLogShort();

        async Task<HashSet<string>> InsertAsync(IReadOnlyList<UsageRecord> rows)
        {
            var table = TableColumns<UsageRecord>.Of(db);
            var ids = await store.InsertNewAsync(
                transaction.GetDbTransaction(),
                table.Table,
                table.Names,
                "id",
                table.Values(rows),
                cancellationToken
            );
            return ids.ToHashSet(StringComparer.Ordinal);
        }

        Task AddAsync<T>(IReadOnlyList<T> sums)
            where T : class
        {
            var table = TableColumns<T>.Of(db);
            return store.WriteRowsAsync(
                transaction.GetDbTransaction(),
                values => store.UpsertSql(table.Table, table.Names, values, table.Key, table.Sums, table.Times),
                table.Values(sums),
                cancellationToken
            );
        }
    }
}
