using System.Globalization;
using System.Text.Json;
using System.Threading.Channels;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Limits.Rates;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Reports when a budget's spend passes 50, 80, 95 and 100 % of its cap: an event row, a counter, and from the row a webhook; once per
/// window. Nothing of it is on the hot path but a comparison.
/// </summary>
internal sealed class ThresholdWatch(TimeProvider time)
{
    private const int MostWaiting = 10_000;
    private static readonly int[] Thresholds = [50, 80, 95, 100];

    // Bounded: a flood of events must not eat the memory. A row that is dropped is made again at the next charge of the window after a
    // restart.
    private readonly Channel<ThresholdEvent> _events = Channel.CreateBounded<ThresholdEvent>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite, SingleReader = true }
    );

    public ChannelReader<ThresholdEvent> Events => _events.Reader;

    /// <summary>Looks at the accounts of a call that was just settled.</summary>
    public void Look(MoneyHold hold)
    {
        foreach (ref readonly var line in hold.Lines)
        {
            if (line.Account is not BudgetAccount account || line.Budget is { IsOverridden: true })
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
        var data = new Dictionary<string, object?>
        {
            ["budget_id"] = budget.Id,
            ["percent"] = percent,
            ["max_budget"] = budget.Cap.ToUsd(),
            ["spent_budget"] = spent.ToUsd(),
            ["window_start"] = line.WindowStart,
            ["mode"] = budget.Mode.ToName(),
        };
        if (budget.EndUser is not null)
        {
            data["end_user"] = account.SubjectId;
        }
        return new EventRow
        {
            Id = Guid.CreateVersion7().ToString(),
            Type = percent >= 100 ? "budget.exhausted" : "budget.threshold",
            DedupeKey = string.Create(
                CultureInfo.InvariantCulture,
                $"budget:{account.BudgetId}:{account.SubjectId}:{line.WindowStart:yyyyMMddHHmmss}:{percent}"
            ),
            Scope = QuotaRefusals.ScopeOf(budget),
            ScopeId = budget.ScopeId,
            Data = JsonSerializer.Serialize(data, JsonSerializerOptions.Default),
            CreatedAt = now,
            NextDeliveryAt = now,
        };
    }
}
