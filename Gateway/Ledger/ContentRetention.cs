using System.Globalization;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Deletes kept prompts and answers that are older than the setting <c>body_retention_days</c> says, also when nothing is kept any more.
/// </summary>
internal sealed partial class ContentRetention(
    IDbContextFactory<HubDbContext> databases,
    TimeProvider time,
    ILogger<ContentRetention> logger
) : BackgroundService
{
    private const string Key = "body_retention_days";
    private const int StandardDays = 30;
    private const int StepRows = 200;

    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    // Between two steps others get the database.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Deletes what is too old now.</summary>
    /// <returns>How many rows.</returns>
    public async Task<long> DeleteAsync(CancellationToken cancellationToken)
    {
        await using var db = await databases.CreateDbContextAsync(cancellationToken);
        var days = int.TryParse(
            await db.Settings.Where(s => s.Key == Key).Select(s => s.Value).SingleOrDefaultAsync(cancellationToken),
            NumberStyles.None,
            CultureInfo.InvariantCulture,
            out var set
        )
            ? set
            : StandardDays;
        var before = UtcTime.ToStored(time.UtcNow().AddDays(-days));
        var deleted = 0L;
        for (int step; (step = await DeleteStepAsync(db, before, cancellationToken)) > 0; deleted += step)
        {
            await Task.Delay(Pause, CancellationToken.None);
        }
        return deleted;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do
            {
                try
                {
                    await DeleteAsync(stoppingToken);
                }
                catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
                {
                    Log.Failed(logger, fault.Message);
                }
            } while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested) { }
    }

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

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Old prompts and answers could not be deleted: {Reason} It is tried again in an hour."
        )]
        public static partial void Failed(ILogger logger, string reason);
    }
}
