using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using Gateway.Telemetry;

namespace Gateway.Limits.Budgets;

/// <summary>Writes events into the database, off the hot path; tries again while it is away.</summary>
internal sealed partial class EventRecorder(
    ThresholdWatch watch,
    EventWriter writer,
    GatewayMetrics metrics,
    TimeProvider time,
    ILogger<EventRecorder> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var passed in watch.Events.ReadAllAsync(stoppingToken))
        {
            while (!await TryWriteAsync(passed, stoppingToken))
            {
                await Task.Delay(Pause, time, stoppingToken);
            }
        }
    }

    private async Task<bool> TryWriteAsync(ThresholdEvent passed, CancellationToken cancellationToken)
    {
        try
        {
            if (await writer.TryAppendAsync(passed.Row, cancellationToken))
            {
                metrics.ThresholdPassed(passed.Percent);
            }
            return true;
        }
        catch (Exception fault) when (DatabaseFaults.IsAway(fault))
        {
            Log.Failed(logger, passed.Row.Type, fault);
            return false;
        }
        catch (Exception fault) when (DatabaseFaults.IsOfDatabase(fault))
        {
            Log.Dropped(logger, passed.Row.Type, fault); // tried again it would be refused again, with all that wait after it
            return true;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "An event ({Type}) could not be written; it is tried again.")]
        public static partial void Failed(ILogger logger, string type, Exception fault);

        [LoggerMessage(Level = LogLevel.Error, Message = "The database does not take an event ({Type}); it is dropped.")]
        public static partial void Dropped(ILogger logger, string type, Exception fault);
    }
}
