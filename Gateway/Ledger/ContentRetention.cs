using Gateway.Core.Background;
using Gateway.Core.Settings;
using Gateway.Core.Storage;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Deletes kept prompts and answers that are older than the setting <c>body_retention_days</c> says, also when nothing is kept any more.
/// </summary>
internal sealed class ContentRetention(IDbContextFactory<HubDbContext> databases, TimeProvider time, Rounds rounds)
    : PeriodicService("content_retention", rounds)
{
    private const int StepRows = 200;

    // Between two steps others get the database.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    protected override TimeSpan Interval => TimeSpan.FromHours(1);

    protected override bool RunsAtStart => true;

    /// <summary>Deletes what is too old now.</summary>
    /// <returns>How many rows.</returns>
    public async Task<long> DeleteAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var days = await HubSettings.BodyRetentionDays.ReadWholeAsync(db, cancellationToken);
        var before = UtcTime.ToStored(time.UtcNow().AddDays(-days));
        var deleted = 0L;
        for (int step; (step = await DeleteStepAsync(db, before, cancellationToken)) > 0; deleted += step)
        {
            await Task.Delay(Pause, CancellationToken.None);
        }
        return deleted;
    }

    protected override Task RunAsync(CancellationToken cancellationToken) => DeleteAsync(cancellationToken);

    private static async Task<int> DeleteStepAsync(HubDbContext db, DateTime before, CancellationToken cancellationToken)
    {
        var ids = await db
            .RequestContents.Where(c => c.CreatedAt < before)
            .OrderBy(c => c.CreatedAt)
            .Select(c => c.Id)
            .Take(StepRows)
            .ToListAsync(cancellationToken);
        return ids.Count == 0 ? 0 : await db.RequestContents.Where(c => ids.Contains(c.Id)).ExecuteDeleteAsync(cancellationToken);
    }
}
