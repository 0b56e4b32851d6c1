using System.Text.Json;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Core.Ledger;

/// <summary>
/// Adds the ledger's rows up again and compares every counter with them, to the nano-dollar: hourly and daily sums, those in less detail,
/// keys, users and windows of budgets. Memory grows with the counters, not with the rows. A balance is no such counter: deposits are not in
/// the ledger.
/// </summary>
public sealed class LedgerAudit(IDbContextFactory<HubDbContext> databases, StoreProvider store, TimeProvider time)
{
    private const int ChunkSize = 5_000;

    private static readonly DateTime BeforeAll = DateTime.UnixEpoch;

    /// <summary>Compares, on one consistent reading of the database. Traffic goes on meanwhile.</summary>
    /// <param name="cancellationToken">Gives up.</param>
    /// <param name="progress">Is told how many rows are added up; null: nobody asks, and the rows are not counted before.</param>
    public async Task<LedgerReport> CheckAsync(CancellationToken cancellationToken, IProgress<WorkProgress>? progress = null)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await db.Database.OpenConnectionAsync(cancellationToken);
        await using var snapshot = await store.BeginSnapshotAsync(db.Database.GetDbConnection(), cancellationToken);
        await db.Database.UseTransactionAsync(snapshot, cancellationToken);
        try
        {
            return await CompareAsync(db, mends: false, progress, cancellationToken);
        }
        finally
        {
            await db.Database.UseTransactionAsync(null, CancellationToken.None);
        }
    }

    /// <summary>
    /// Compares, and sets right what differs, in one transaction with an audit row. No node may serve traffic on the database meanwhile.
    /// </summary>
    /// <returns>What was set right.</returns>
    /// <param name="cancellationToken">Gives up; nothing is changed then.</param>
    /// <param name="progress">Is told how many rows are added up; null: nobody asks.</param>
    public async Task<LedgerReport> RebuildAsync(CancellationToken cancellationToken, IProgress<WorkProgress>? progress = null)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await using var transaction = await db.Database.BeginTransactionAsync(cancellationToken);
        var report = await CompareAsync(db, mends: true, progress, cancellationToken);
        if (report.DifferenceCount > 0)
        {
            db.AuditLog.Add(
                new AuditEntry
                {
                    Id = Guid.CreateVersion7().ToString(),
                    Action = "ledger.rebuilt",
                    EntityType = "ledger",
                    EntityId = "*",
                    After = JsonSerializer.Serialize(
                        new Dictionary<string, long> { ["records"] = report.Records, ["differences"] = report.DifferenceCount }
                    ),
                    CreatedAt = time.UtcNow(),
                }
            );
        }
        await db.SaveChangesAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return report;
    }

    private static async Task<LedgerReport> CompareAsync(
        HubDbContext db,
        bool mends,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var since = (await db.LedgerHorizons.AsNoTracking().SingleOrDefaultAsync(cancellationToken))?.DeletedBefore ?? BeforeAll;
        var budgets = (await db.Budgets.AsNoTracking().ToListAsync(cancellationToken))
            .Select(ScopeQuotas.ToBudget)
            .OfType<Budget>()
            .ToList();
        var counters = new LedgerCounters(
            budgets,
            since,
            await db.LedgerNames.AsNoTracking().ToDictionaryAsync(n => n.Number, n => n.Name, cancellationToken)
        );
        var (records, cost) = await AddUpAsync(db, counters, since, progress, cancellationToken);
        var found = new Findings(db, mends, cancellationToken);
        await found.CompareAsync(counters.Hourly, db.HourlyUsage.Where(h => h.BucketStart >= since), null);
        await found.CompareAsync(counters.Daily, db.DailyUsage.Where(d => d.BucketStart >= since), null);
        await found.CompareAsync(counters.Totals, db.UsageTotals.Where(t => t.BucketStart >= since), null);
        await found.CompareAsync(counters.Labels, db.UsageByLabel.Where(s => s.BucketStart >= since), null);
        await found.CompareAsync(counters.Keys, db.ApiKeyUsage, null);
        await found.CompareAsync(counters.Accounts, db.UserAccounts, null);
        // A window without a row is read from the ledger when it is needed: only rows that are there can be wrong.
        await found.CompareAsync(counters.Budgets, db.BudgetSpend, counters.IsComputable);
        return new LedgerReport(records, cost, counters.Compared, found.Count, found.Shown, since == BeforeAll ? null : since)
        {
            SetAsideCount = await db.SetAsideRecords.LongCountAsync(cancellationToken),
            SetAside = await db
                .SetAsideRecords.OrderBy(r => r.SetAsideAt)
                .Take(LedgerReport.MostShown)
                .Select(r => new SetAsideCall(r.Id, r.Fault, r.SetAsideAt))
                .ToListAsync(cancellationToken),
        };
    }

    private static async Task<(long Records, long Cost)> AddUpAsync(
        HubDbContext db,
        LedgerCounters counters,
        DateTime since,
        IProgress<WorkProgress>? progress,
        CancellationToken cancellationToken
    )
    {
        var total = progress is null ? 0 : await db.LedgerEntries.LongCountAsync(e => e.AdmittedAt >= since, cancellationToken);
        var (records, cost) = (0L, 0L);
        List<UsageRecord> chunk = new(ChunkSize);
        await foreach (
            var record in db.RecordsOf(db.LedgerEntries.Where(e => e.AdmittedAt >= since))
                .AsAsyncEnumerable()
                .WithCancellation(cancellationToken)
        )
        {
            chunk.Add(record);
            (records, cost) = (records + 1, Saturating.Add(cost, record.TotalCostNanoUsd));
            if (chunk.Count == ChunkSize)
            {
                counters.Add(chunk);
                chunk.Clear();
                progress?.Report(new WorkProgress(records, total));
            }
        }
        counters.Add(chunk);
        progress?.Report(new WorkProgress(records, total));
        if (since > BeforeAll)
        {
            await foreach (
                var sum in db
                    .DailyUsage.AsNoTracking()
                    .Where(d => d.BucketStart < since)
                    .AsAsyncEnumerable()
                    .WithCancellation(cancellationToken)
            )
            {
                counters.AddDeleted(sum);
            }
        }
        return (records, cost);
    }

    /// <summary>Differences, collected table by table.</summary>
    private sealed class Findings(HubDbContext db, bool mends, CancellationToken cancellationToken)
    {
        public long Count { get; private set; }

        public List<LedgerDifference> Shown { get; } = [];

        /// <summary>Compares the rows of a table.</summary>
        /// <param name="table">What they should be.</param>
        /// <param name="stored">The rows.</param>
        /// <param name="isComparable">Which of them can be compared; null: all, and those that are missing are differences too.</param>
        public async Task CompareAsync<T>(CounterTable<T> table, IQueryable<T> stored, Func<T, bool>? isComparable)
            where T : class
        {
            await foreach (var row in (mends ? stored : stored.AsNoTracking()).AsAsyncEnumerable().WithCancellation(cancellationToken))
            {
                if (isComparable is null || isComparable(row))
                {
                    Add(table.Compare(row, mends));
                }
            }
            if (isComparable is not null)
            {
                return;
            }
            foreach (var (row, differences) in table.Missing())
            {
                Add(differences);
                if (mends)
                {
                    Reset(row);
                    db.Add(row);
                }
            }
        }

        // What was added up for an account is no balance.
        private static void Reset(object row)
        {
            if (row is UserAccount account)
            {
                account.BalanceNanoUsd = 0;
            }
        }

        private void Add(IEnumerable<LedgerDifference> differences)
        {
            foreach (var difference in differences)
            {
                Count++;
                if (Shown.Count < LedgerReport.MostShown)
                {
                    Shown.Add(difference);
                }
            }
        }
    }
}
