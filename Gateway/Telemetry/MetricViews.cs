using System.Collections.Frozen;
using System.Diagnostics.Metrics;
using Gateway.Core.Background;
using OpenTelemetry.Metrics;

namespace Gateway.Telemetry;

/// <summary>
/// Which instruments are collected, with which buckets, under which name and with how many series at most. What is not named here costs
/// nothing: its measurements are never taken. Instruments of other hosts in the same process (the sandbox, other gateways in tests) are not
/// heard.
/// </summary>
internal static class MetricViews
{
    // The meter of the management API, which is put in beside the gateway.
    private const string AdminMeter = "OneUIHub.Admin";

    private const int Single = 8;
    private const int Few = 200;

    // Models of the catalogue times tiers times a handful of kinds. What comes above goes into one series marked
    // otel_metric_overflow="true".
    private const int Many = 5_000;

    private static readonly double[] Seconds = [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92];
    private static readonly double[] FirstTokenSeconds =
    [
        0.001,
        0.005,
        0.01,
        0.02,
        0.04,
        0.06,
        0.08,
        0.1,
        0.25,
        0.5,
        0.75,
        1.5,
        2.5,
        5,
        7.5,
        10,
    ];
    private static readonly double[] PerTokenSeconds = [0.001, 0.01, 0.025, 0.05, 0.075, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5, 0.75, 1.5, 2.5];
    private static readonly double[] OverheadSeconds = [0.0001, 0.00025, 0.0005, 0.00075, 0.0015, 0.0025, 0.005, 0.01, 0.025, 0.1];
    private static readonly double[] SyncSeconds = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5];
    private static readonly double[] SpreadSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10, 60];
    private static readonly double[] RequestSeconds = [0.005, 0.025, 0.1, 0.25, 0.5, 1.5, 2.5, 5, 10, 30, 120];
    private static readonly double[] TokenCounts = [1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576];
    private static readonly double[] BatchCounts = [1, 2, 5, 10, 25, 50, 100, 250, 500, 1_000];

    private static readonly FrozenDictionary<string, View> Ours = new Dictionary<string, View>
    {
        ["gen_ai.client.operation.duration"] = new(Many, Seconds),
        ["gen_ai.client.token.usage"] = new(Many, TokenCounts),
        ["gen_ai.server.time_to_first_token"] = new(Many, FirstTokenSeconds),
        ["gen_ai.server.time_per_output_token"] = new(Many, PerTokenSeconds),
        ["oneui_requests"] = new(Many),
        ["oneui_tokens"] = new(Many),
        ["oneui_cost"] = new(Many),
        ["oneui_upstream_cost"] = new(Many),
        ["oneui_cost_difference"] = new(Many),
        ["oneui_settlements"] = new(Many),
        ["oneui_cut_streams"] = new(Many),
        ["oneui_bound_exceeded"] = new(Many),
        ["oneui_overhead"] = new(Single, OverheadSeconds),
        ["oneui_policy_spread"] = new(Single, SpreadSeconds),
        ["oneui_journal_sync_duration"] = new(Single, SyncSeconds),
        ["oneui_writer_batch_size"] = new(Single, BatchCounts),
        ["oneui_writer_batch_duration"] = new(Single, RequestSeconds),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, View> OfHost = new Dictionary<string, View>
    {
        ["http.server.request.duration"] = new(Many, RequestSeconds),
        ["http.server.active_requests"] = new(Few),
        ["kestrel.active_connections"] = new(Few),
        ["kestrel.connection.duration"] = new(Few, RequestSeconds),
        ["kestrel.queued_connections"] = new(Few),
        ["kestrel.queued_requests"] = new(Few),
        ["kestrel.rejected_connections"] = new(Few),
        ["kestrel.active_tls_handshakes"] = new(Few),
        ["http.client.request.duration"] = new(Few, RequestSeconds),
        ["http.client.active_requests"] = new(Few),
        ["http.client.open_connections"] = new(Few),
        ["http.client.connection.duration"] = new(Few, RequestSeconds),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    // Prometheus keeps the ending _count for histograms: those are renamed.
    private static readonly FrozenDictionary<string, View> OfRuntime = new Dictionary<string, View>
    {
        ["dotnet.process.cpu.time"] = new(Single),
        ["dotnet.process.cpu.count"] = new(Single, Name: "dotnet.process.cpus"),
        ["dotnet.process.memory.working_set"] = new(Single),
        ["dotnet.gc.collections"] = new(Single),
        ["dotnet.gc.heap.total_allocated"] = new(Single),
        ["dotnet.gc.last_collection.memory.committed_size"] = new(Single),
        ["dotnet.gc.last_collection.heap.size"] = new(Single),
        ["dotnet.gc.last_collection.heap.fragmentation.size"] = new(Single),
        ["dotnet.gc.pause.time"] = new(Single),
        ["dotnet.jit.compilation.time"] = new(Single),
        ["dotnet.monitor.lock_contentions"] = new(Single),
        ["dotnet.thread_pool.work_item.count"] = new(Single, Name: "dotnet.thread_pool.work_items"),
        ["dotnet.timer.count"] = new(Single, Name: "dotnet.timers"),
        ["dotnet.exceptions"] = new(Few),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The meters that are listened to.</summary>
    public static readonly string[] Meters =
    [
        GatewayMetrics.MeterName,
        AdminMeter,
        Rounds.MeterName,
        "Microsoft.AspNetCore.Hosting",
        "Microsoft.AspNetCore.Server.Kestrel",
        "System.Net.Http",
        "System.Runtime",
    ];

    /// <summary>Chooses for one instrument.</summary>
    /// <param name="instrument">The instrument.</param>
    /// <param name="host">The host's meters.</param>
    public static MetricStreamConfiguration Choose(Instrument instrument, IMeterFactory host)
    {
        if (instrument.Meter.Name == "System.Runtime")
        {
            return OfRuntime.TryGetValue(instrument.Name, out var runtime) ? runtime.ToConfiguration() : MetricStreamConfiguration.Drop;
        }
        if (!ReferenceEquals(instrument.Meter.Scope, host))
        {
            return MetricStreamConfiguration.Drop;
        }
        if (instrument.Meter.Name is GatewayMetrics.MeterName or AdminMeter or Rounds.MeterName)
        {
            return Ours.GetValueOrDefault(instrument.Name, new View(Few)).ToConfiguration();
        }
        return OfHost.TryGetValue(instrument.Name, out var view) ? view.ToConfiguration() : MetricStreamConfiguration.Drop;
    }

    private sealed record View(int Series, double[]? Buckets = null, string? Name = null)
    {
        public MetricStreamConfiguration ToConfiguration() =>
            Buckets is null
                ? new MetricStreamConfiguration { CardinalityLimit = Series, Name = Name }
                : new ExplicitBucketHistogramConfiguration
                {
                    CardinalityLimit = Series,
                    Boundaries = Buckets,
                    RecordMinMax = false,
                    Name = Name,
                };
    }
}
