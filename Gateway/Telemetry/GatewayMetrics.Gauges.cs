using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Gateway.Callers;
using Gateway.Limits.Budgets;
using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Policy;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;
using Gateway.Hosting;
using Gateway.Ledger;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;

namespace Gateway.Telemetry;

/// <summary>What is read off the parts at each collection. They are told to the metrics at start, so that none of them has to know of them.</summary>
internal sealed partial class GatewayMetrics
{
    /// <summary>Shows which build runs, and as what.</summary>
    public void Show(HubOptions options)
    {
        KeyValuePair<string, object?>[] tags =
        [
            new("version", HealthEndpoints.Version), new("runtime", RuntimeInformation.FrameworkDescription), new("role", options.Role.ToString().ToLowerInvariant()), new("node", options.GetNodeName()),
        ];
        _meter.CreateObservableGauge("oneui_build_info", () => new Measurement<int>(1, tags), description: "Always 1; the labels say what runs.");
        _databaseErrors.Add(0, Tag("operation", DatabaseOperations.Ledger));   // an alert on an increase needs the zero before the first error
        _databaseErrors.Add(0, Tag("operation", DatabaseOperations.Callers));
        _setAside.Add(0);
    }

    /// <summary>Shows how the database stands.</summary>
    public void Show(DatabaseWatch database) =>
        _meter.CreateObservableGauge("oneui_database_up", () => database.State == DatabaseState.Ok ? 1 : 0, description: "1: the database answers; 0: it is away, or its file was deleted, and every call is refused.");

    /// <summary>Shows which policy is in force, and how far behind it may be.</summary>
    public void Show(PolicySource policy, ChangeFeed feed, TimeProvider time)
    {
        _meter.CreateObservableGauge("oneui_policy_revision", () => feed.Revision, description: "The newest change that this node acts on.");
        _meter.CreateObservableGauge("oneui_policy_age", () => Math.Max(0, (time.GetUtcNow() - feed.CaughtUpAt).TotalSeconds), "s", "Time since the change log was last read to its end.");
        _meter.CreateObservableGauge("oneui_policy_models", () => policy.Current.Models.Count, "{model}", "Models in the catalogue.");
    }

    /// <summary>Shows what is settled and not in the database yet.</summary>
    public void Show(UsageQueue queue, TimeProvider time)
    {
        _meter.CreateObservableGauge("oneui_writer_backlog", () => queue.Reader.Count + Volatile.Read(ref _batchCount), "{call}", "Settled calls that are not in the database yet.");
        _meter.CreateObservableGauge("oneui_ledger_lag", () => OldestUnwritten(queue) is { } oldest ? Math.Max(0, (time.GetUtcNow().UtcDateTime - oldest).TotalSeconds) : 0,
            "s", "Age of the oldest settled call that is not in the database yet; 0 when there is none.");
    }

    /// <summary>Shows how the journal stands, and what its replay at start found.</summary>
    public void Show(NodeJournal journal, JournalStart start, TimeProvider time)
    {
        _journalSyncFailures.Add(0);   // as above
        foreach (var record in JournalRecordKinds.All)
        {
            _notJournaled.Add(0, Tag("record", record), Tag("reason", JournalReasons.Of(JournalOutcome.Full)));
        }
        _meter.CreateObservableGauge("oneui_journal_records", () => journal.Status?.UnconfirmedRecords ?? 0, "{record}", "Records of calls that are in flight, or settled and not in the database yet.");
        _meter.CreateObservableGauge("oneui_journal_age", () => journal.Status?.OldestCallAt is { } oldest ? Math.Max(0, (time.GetUtcNow().UtcDateTime - oldest).TotalSeconds) : 0,
            "s", "Time since the oldest of these calls came; 0 when there is none.");
        _meter.CreateObservableGauge("oneui_journal_size", () => journal.Status?.Bytes ?? 0, "By", "The journal's files on disk, the empty next one included.");
        _meter.CreateObservableGauge("oneui_journal_segments", () => journal.Status?.Segments ?? 0, "{segment}", "The journal's files.");
        _meter.CreateObservableGauge("oneui_journal_full", () => journal.Status is { IsFull: true } ? 1 : 0, description: "1: the journal has no room, and calls on budgets are refused; 0: it has.");
        _meter.CreateObservableGauge("oneui_journal_failing", () => journal.Status?.Fault is null ? 0 : 1, description: "1: the journal's next file cannot be made; 0: all is well.");
        _meter.CreateObservableGauge("oneui_journal_replayed_calls", () => new Measurement<long>[] { new(start.ReplayedCalls, Tag("kind", "settled")), new(start.CrashedCalls, Tag("kind", "in_flight")) },
            "{call}", "Calls that the last start found in journals: settled ones, and such as were in flight when a process died.");
        _meter.CreateObservableGauge("oneui_journal_damaged_places", () => start.DamagedPlaces, "{place}", "Places in journals that the last start could not read and set aside.");
    }

    /// <summary>Shows whether this node may pay from budgets.</summary>
    public void Show(TrafficLock traffic) =>
        _meter.CreateObservableGauge("oneui_traffic_lock", () => traffic.IsHeld ? 1 : 0, description: "1: this node has the lock of the one that serves budgets; 0: another has it, and calls on budgets are refused here.");

    /// <summary>Shows what calls in flight hold, and how far budgets are used up.</summary>
    public void Show(BudgetBook book)
    {
        _meter.CreateObservableGauge("oneui_budgets", () => BudgetsByUse(book), "{budget}", "Budgets that calls were paid from within the last minute, by how much of their cap is spent.");
        _meter.CreateObservableGauge("oneui_holds_open", () => book.OpenHolds, "{hold}", "Holds of calls in flight: one for each budget and balance that a call is paid from.");
        _meter.CreateObservableGauge("oneui_held", () => Usd(book.HeldNanoUsd), "USD", "Money that calls in flight hold, summed over all budgets and balances.");
    }

    /// <summary>Shows how full the caches are.</summary>
    public void Show(CallerDirectory callers) =>
        _meter.CreateObservableGauge("oneui_cache_entries", () => new Measurement<int>[]
        {
            new(callers.KeysInMemory, Tag("cache", "keys")),
            new(callers.UsersInMemory, Tag("cache", "users")),
            new(callers.SessionsInMemory, Tag("cache", "sessions")),
            new(callers.TokensInMemory, Tag("cache", "tokens")),
        }, "{entry}", "Callers kept in memory.");

    /// <summary>Shows which destinations are believed to be well.</summary>
    public void Show(IProxyStateLookup proxy)
    {
        _meter.CreateObservableGauge("oneui_upstream_healthy", () => Destinations(proxy).Select(d => new Measurement<int>(IsWell(d) ? 1 : 0, Tag("destination", d.DestinationId))),
            description: "1: the destination gets calls; 0: probes or calls found it ill.");
        _meter.CreateObservableGauge("oneui_upstream_calls_in_flight", () => Destinations(proxy).Select(d => new Measurement<int>(d.ConcurrentRequestCount, Tag("destination", d.DestinationId))),
            "{call}", "Calls that a destination is working on.");
    }

    /// <summary>When the oldest settled call ended that is not in the database yet; null when there is none.</summary>
    public DateTime? OldestUnwritten(UsageQueue queue) =>
        Volatile.Read(ref _batchCount) > 0 ? new DateTime(Volatile.Read(ref _batchOldestTicks), DateTimeKind.Utc) : queue.Reader.TryPeek(out var first) ? first.Record.EndedAt : null;

    private static List<Measurement<int>> BudgetsByUse(BudgetBook book)
    {
        var counts = new int[Enum.GetValues<QuotaScope>().Length, QuotaNames.Modes.Count, BudgetBands.All.Length];
        foreach (var (budget, spent) in book.BudgetsInUse())
        {
            counts[(int)budget.Scope, (int)budget.Mode, BudgetBands.Of(spent, budget.Cap.NanoUsd)]++;
        }
        List<Measurement<int>> measurements = new(counts.Length);
        foreach (var scope in Enum.GetValues<QuotaScope>())
        {
            foreach (var mode in Enum.GetValues<QuotaMode>())
            {
                for (var band = 0; band < BudgetBands.All.Length; band++)
                {
                    measurements.Add(new(counts[(int)scope, (int)mode, band], Tag("scope", scope.ToName()), Tag("mode", mode.ToName()), Tag("used", BudgetBands.All[band])));
                }
            }
        }
        return measurements;
    }

    private static IEnumerable<DestinationState> Destinations(IProxyStateLookup proxy) => proxy.GetClusters().SelectMany(c => c.Destinations.Values);

    private static bool IsWell(DestinationState destination) => destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };
}
