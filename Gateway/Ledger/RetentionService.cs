using Gateway.Core.Background;
using Gateway.Core.Configuration;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Deletes rows of the ledger that are older than the option says, else the setting <c>usage_retention_days</c>, whole days at a time, in
/// steps that are short enough for traffic not to wait. Sums, keys, users and budgets keep what these rows added. How far it has come is
/// written down first, so that a check of the ledger never takes a half deleted day for a loss. Then the database may look at its indexes
/// again.
/// </summary>
internal sealed partial class RetentionService(
    IDbContextFactory<HubDbContext> databases,
    StoreProvider store,
    LedgerOptions options,
    TimeProvider time,
    Rounds rounds,
    ILogger<RetentionService> logger
) : PeriodicService("ledger_retention", rounds)
{
    private const int StepRows = 500;

    // Between two steps others get the database.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    protected override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override bool RunsAtStart => true;

    /// <summary>Deletes what is too old now.</summary>
    /// <returns>How many rows.</returns>
    public async Task<long> DeleteAsync(CancellationToken cancellationToken)
    {
        var retention = options.UsageRetention ?? await StoredAsync(cancellationToken);
        if (retention == TimeSpan.Zero)
        {
            return 0;
        }
        var before = UtcTime.DayOf(time.UtcNow() - retention);
        var deleted = 0L;
        for (int step; (step = await DeleteStepAsync(before, isFirst: deleted == 0, cancellationToken)) > 0; deleted += step)
        {
            await Task.Delay(Pause, time, CancellationToken.None);
        }
        if (deleted > 0)
        {
            Log.Deleted(logger, deleted, before);
        }
        return deleted;
    }

    protected override async Task RunAsync(CancellationToken cancellationToken)
    {
        await DeleteAsync(cancellationToken);
        await MaintainAsync(cancellationToken);
    }

    private async Task<TimeSpan> StoredAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        return TimeSpan.FromDays(await HubSettings.UsageRetentionDays.ReadWholeAsync(db, cancellationToken));
    }

    private async Task MaintainAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        await store.MaintainAsync(db, cancellationToken);
    }

    private async Task<int> DeleteStepAsync(DateTime before, bool isFirst, CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var ids = await db
            .LedgerEntries.Where(r => r.AdmittedAt < before)
            .OrderBy(r => r.AdmittedAt)
            .Select(r => r.Id)
            .Take(StepRows)
            .ToListAsync(cancellationToken);
        if (ids.Count == 0)
        {
            return 0;
        }
        if (isFirst)
        {
            await MoveHorizonAsync(db, before, cancellationToken);
        }
        return await db.LedgerEntries.Where(r => ids.Contains(r.Id)).ExecuteDeleteAsync(cancellationToken);
    }

    private static async Task MoveHorizonAsync(HubDbContext db, DateTime before, CancellationToken cancellationToken)
    {
        if (await db.LedgerHorizons.SingleOrDefaultAsync(cancellationToken) is not { } horizon)
        {
            db.LedgerHorizons.Add(horizon = new LedgerHorizon { Id = 1 });
        }
        horizon.DeletedBefore = horizon.DeletedBefore > before ? horizon.DeletedBefore : before;
        await db.SaveChangesAsync(cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Information,
            Message = "{Count} rows of the ledger from before {Before:yyyy-MM-dd} were deleted; the sums keep them."
        )]
        public static partial void Deleted(ILogger logger, long count, DateTime before);
    }
}
