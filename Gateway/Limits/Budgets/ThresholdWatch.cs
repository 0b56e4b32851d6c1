using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Telemetry;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Reports when a budget's spend passes 50, 80, 95 and 100 % of its cap: an event row, a counter, and from the row a webhook; once per window. Nothing of it is on the
/// hot path but a comparison.
/// </summary>
internal sealed class ThresholdWatch(TimeProvider time)
{
    private const int MostWaiting = 10_000;
    private static readonly int[] Thresholds = [50, 80, 95, 100];

    // Bounded: a flood of events must not eat the memory. A row that is dropped is made again at the next charge of the window after a restart.
    private readonly Channel<ThresholdEvent> _events = Channel.CreateBounded<ThresholdEvent>(new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true });

    public ChannelReader<ThresholdEvent> Events => _events.Reader;

    /// <summary>Looks at the accounts of a call that was just settled.</summary>
    public void Look(MoneyHold hold)
    {
        foreach (ref readonly var line in hold.Lines)
        {
            if (line.Account is not BudgetAccount account)
            {
                continue;
            }
            int reached;
            lock (account.Gate)
            {
                reached = account.TakeThreshold(line, Thresholds);
            }
            if (reached > 0)
            {
                _events.Writer.TryWrite(new ThresholdEvent(reached, Describe(account, line, reached)));
            }
        }
    }

    private EventRow Describe(BudgetAccount account, in HoldLine line, int percent)
    {
        var budget = line.Budget!;
        var (spent, _) = account.Read(line);
        var now = time.UtcNow();
        return new EventRow
        {
            Id = Guid.CreateVersion7().ToString(),
            Type = percent >= 100 ? "budget.exhausted" : "budget.threshold",
            DedupeKey = string.Create(CultureInfo.InvariantCulture, $"budget:{account.BudgetId}:{account.SubjectId}:{line.WindowStart:yyyyMMddHHmmss}:{percent}"),
            Scope = budget.Scope.ToName(),
            ScopeId = budget.ScopeId,
            Data = JsonSerializer.Serialize(new Dictionary<string, object?>
            {
                ["budget_id"] = budget.Id,
                ["percent"] = percent,
                ["max_budget"] = budget.Cap.ToUsd(),
                ["spent_budget"] = spent.ToUsd(),
                ["window_start"] = line.WindowStart,
                ["mode"] = budget.Mode.ToName(),
            }, JsonSerializerOptions.Default),
            CreatedAt = now,
            NextDeliveryAt = now,
        };
    }
}

/// <summary>A threshold that was passed.</summary>
/// <param name="Percent">Of the cap.</param>
/// <param name="Row">What is told of it.</param>
internal readonly record struct ThresholdEvent(int Percent, EventRow Row);

/// <summary>Writes events into the database, off the hot path; tries again while it is away.</summary>
internal sealed partial class EventRecorder(ThresholdWatch watch, EventWriter writer, GatewayMetrics metrics, TimeProvider time, ILogger<EventRecorder> logger) : BackgroundService
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
            Log.Dropped(logger, passed.Row.Type, fault);   // tried again it would be refused again, with all that wait behind it
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
