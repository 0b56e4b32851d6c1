using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore.Storage;

namespace Gateway.Core.Ledger;

/// <summary>
/// Writes calls into the ledger's tables: the entries, and for those that were not there yet the hourly and daily sums, those in less
/// detail and by label, the keys', the users' and the budgets'. Writing the same calls again changes nothing. Plain SQL: it costs a
/// fraction of change tracking.
/// </summary>
public sealed class LedgerTables(StoreProvider store)
{
    /// <summary>Writes calls whose texts have numbers (<see cref="LedgerDictionary"/>), in the context's transaction.</summary>
    /// <returns>Those that were new.</returns>
    public async Task<IReadOnlyList<UsageRecord>> AddAsync(
        HubDbContext db,
        IReadOnlyList<UsageRecord> records,
        CancellationToken cancellationToken
    )
    {
        var transaction = db.Database.CurrentTransaction!.GetDbTransaction();
        var entries = TableColumns<LedgerEntry>.Of(db);
        var inserted = (
            await store.InsertNewAsync(
                transaction,
                entries.Table,
                entries.Names,
                "id",
                entries.Values(records.Select(LedgerEntries.EntryOf)),
                cancellationToken,
                store.CallIdSql("id")
            )
        )
            .Select(Guid.Parse)
            .ToHashSet();
        var added = records.Where(r => inserted.Remove(CallIds.Parse(r.Id))).ToList();
        await SumAsync(UsageSums.Rollups<HourlyUsage>(added, UtcTime.HourOf));
        await SumAsync(UsageSums.Rollups<DailyUsage>(added, UtcTime.DayOf));
        await SumAsync(UsageSums.Totals(added));
        await SumAsync(UsageSums.Labels(added));
        await SumAsync(UsageSums.Keys(added));
        await SumAsync(UsageSums.Accounts(added));
        await SumAsync(UsageSums.Budgets(added));
        return added;

        Task SumAsync<T>(IReadOnlyList<T> sums)
            where T : class
        {
            var table = TableColumns<T>.Of(db);
            return store.WriteRowsAsync(
                transaction,
                values => store.UpsertSql(table.Table, table.Names, values, table.Key, table.Sums, table.Times),
                table.Values(sums),
                cancellationToken
            );
        }
    }
}
