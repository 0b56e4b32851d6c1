using System.Diagnostics.Metrics;
using Gateway.Telemetry;
using static Gateway.Telemetry.GatewayMetrics;

namespace Gateway.Ledger;

/// <summary>What is settled and not in the database yet, how the journal stands, and what its replay at the start found.</summary>
internal sealed class LedgerGauges(UsageQueue queue, NodeJournal journal, JournalStart start, TimeProvider time) : IGauges
{
    public void Show(GatewayMetrics metrics)
    {
        ShowQueue(metrics);
        ShowJournal(metrics);
    }

    private void ShowQueue(GatewayMetrics metrics)
    {
        metrics.Meter.CreateObservableGauge(
            "oneui_writer_backlog",
            () => queue.Backlog,
            "{call}",
            "Ended calls that are not in the database yet."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_ledger_lag",
            () => queue.OldestUnwritten is { } oldest ? Math.Max(0, (time.GetUtcNow().UtcDateTime - oldest).TotalSeconds) : 0,
            "s",
            "Age of the oldest ended call that is not in the database yet; 0 when there is none."
        );
    }

    private void ShowJournal(GatewayMetrics metrics)
    {
        metrics.ExpectJournal();
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_records",
            () => journal.Status?.UnconfirmedRecords ?? 0,
            "{record}",
            "Records of calls that are in flight, or settled and not in the database yet."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_age",
            () => journal.Status?.OldestCallAt is { } oldest ? Math.Max(0, (time.GetUtcNow().UtcDateTime - oldest).TotalSeconds) : 0,
            "s",
            "Time since the oldest of these calls came; 0 when there is none."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_size",
            () => journal.Status?.Bytes ?? 0,
            "By",
            "The journal's files on disk, the empty next one included."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_segments",
            () => journal.Status?.Segments ?? 0,
            "{segment}",
            "The journal's files."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_full",
            () => journal.Status is { IsFull: true } ? 1 : 0,
            description: "1: the journal has no room, and calls on budgets are refused; 0: it has."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_failing",
            () => journal.Status?.Fault is null ? 0 : 1,
            description: "1: the journal's next file cannot be made; 0: all is well."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_replayed_calls",
            () =>
                new Measurement<long>[]
                {
                    new(start.ReplayedCalls, Tag("kind", "settled")),
                    new(start.CrashedCalls, Tag("kind", "in_flight")),
                },
            "{call}",
            "Calls that the last start found in journals: settled ones, and such as were in flight when a process died."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_journal_damaged_places",
            () => start.DamagedPlaces,
            "{place}",
            "Places in journals that the last start could not read and set aside."
        );
    }
}
