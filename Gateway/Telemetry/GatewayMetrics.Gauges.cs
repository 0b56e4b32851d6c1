using System.Diagnostics.Metrics;
using System.Runtime.InteropServices;
using Gateway.Core.Configuration;
using Gateway.Core.Journal;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;

namespace Gateway.Telemetry;

/// <summary>What is read off the core at each collection. Each room shows its own figures (<see cref="IGauges"/>).</summary>
internal sealed partial class GatewayMetrics
{
    /// <summary>Shows which build runs, and as what.</summary>
    public void Show(ServerOptions options)
    {
        KeyValuePair<string, object?>[] tags =
        [
            new("version", ProductVersion.Text),
            new("runtime", RuntimeInformation.FrameworkDescription),
            new("role", options.Role.ToString().ToLowerInvariant()),
            new("node", options.GetNodeName()),
        ];
        _meter.CreateObservableGauge(
            "oneui_build_info",
            () => new Measurement<int>(1, tags),
            description: "Always 1; the labels say what runs."
        );
        ShowThreadPool();
        // An alert on an increase needs the zero before the first error
        _databaseErrors.Add(0, Tag("operation", DatabaseOperations.Ledger));
        _databaseErrors.Add(0, Tag("operation", DatabaseOperations.Callers));
        _setAside.Add(0);
        foreach (var result in ChatResults.All)
        {
            _chatMessages.Add(0, Tag("result", result));
        }
    }

    // The runtime has both as counters, though they go up and down.
    private void ShowThreadPool()
    {
        _meter.CreateObservableGauge(
            "dotnet.thread_pool.threads",
            () => ThreadPool.ThreadCount,
            "{thread}",
            "The number of thread pool threads that currently exist."
        );
        _meter.CreateObservableGauge(
            "dotnet.thread_pool.queue.length",
            () => ThreadPool.PendingWorkItemCount,
            "{work_item}",
            "The number of work items that are currently queued to be processed by the thread pool."
        );
    }

    /// <summary>Shows zeros before the first fault of the journal, for the same reason.</summary>
    public void ExpectJournal()
    {
        _journalSyncFailures.Add(0);
        foreach (var record in JournalRecordKinds.All)
        {
            _notJournaled.Add(0, Tag("record", record), Tag("reason", JournalReasons.Of(JournalOutcome.Full)));
        }
    }

    /// <summary>Shows how the database stands.</summary>
    public void Show(DatabaseWatch database) =>
        _meter.CreateObservableGauge(
            "oneui_database_up",
            () => database.State == DatabaseState.Ok ? 1 : 0,
            description: "1: the database answers; 0: it is away, or its file was deleted, and every call is refused."
        );

    /// <summary>Shows how many connections to the database are in use.</summary>
    public void Show(StoreProvider store) =>
        _meter.CreateObservableGauge(
            "oneui_database_connections",
            () => store.ConnectionsInUse,
            "{connection}",
            "Connections to the database in use at this moment; to a server at most DATABASE_CONNECTIONS."
        );

    /// <summary>Shows which policy is in force, and how far behind it may be.</summary>
    public void Show(PolicySource policy, ChangeFeed feed, TimeProvider time)
    {
        feed.CameIntoForce += after => _policySpread.Record(after.TotalSeconds);
        _meter.CreateObservableGauge(
            "oneui_policy_revision",
            () => feed.Revision,
            description: "The newest change that this node acts on."
        );
        _meter.CreateObservableGauge(
            "oneui_policy_age",
            () => Math.Max(0, (time.GetUtcNow() - feed.CaughtUpAt).TotalSeconds),
            "s",
            "Time since the change log was last read to its end."
        );
        _meter.CreateObservableGauge("oneui_policy_models", () => policy.Current.Models.Count, "{model}", "Models in the catalogue.");
    }
}
