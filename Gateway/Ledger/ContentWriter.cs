using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Ledger;

/// <summary>
/// Writes kept prompts and answers, some at a time. What a database that is away does not take is left out, counted and told in the log.
/// </summary>
internal sealed partial class ContentWriter(ContentQueue queue, IDbContextFactory<HubDbContext> databases, ILogger<ContentWriter> logger)
    : BackgroundService
{
    private const int BatchSize = 100;

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        queue.Complete();
        try
        {
            await (ExecuteTask ?? Task.CompletedTask).WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException) { }
        await base.StopAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        List<RequestContent> batch = new(BatchSize);
        var leftOut = 0L;
        while (await queue.Reader.WaitToReadAsync(CancellationToken.None))
        {
            while (batch.Count < BatchSize && queue.Reader.TryRead(out var content))
            {
                batch.Add(content);
            }
            try
            {
                await using var db = await databases.CreateDbContextAsync(stoppingToken);
                db.RequestContents.AddRange(batch);
                await db.SaveChangesAsync(stoppingToken);
            }
            catch (Exception fault) when (fault is OperationCanceledException || DatabaseFaults.IsOfDatabase(fault))
            {
                Log.Failed(logger, batch.Count, fault.Message);
            }
            batch.Clear();
            if (queue.LeftOut > leftOut)
            {
                Log.LeftOut(logger, queue.LeftOut - leftOut);
                leftOut = queue.LeftOut;
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Prompts and answers of {Count} calls could not be kept: {Reason}")]
        public static partial void Failed(ILogger logger, int count, string reason);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "Prompts and answers of {Count} calls were not kept: too many wait for the database."
        )]
        public static partial void LeftOut(ILogger logger, long count);
    }
}
