using System.Diagnostics.Metrics;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Telemetry.Exposition;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>
/// OpenTelemetry's two pipelines, from the start of the process to its end: metrics, which are collected when <c>/metrics</c> is read, and
/// traces, which are sent when an endpoint is set.
/// </summary>
internal sealed class TelemetryExport : IDisposable
{
    private readonly MeterProvider _metrics;
    private readonly TracerProvider? _traces;

    public TelemetryExport(
        PrometheusExporter exporter,
        IMeterFactory meters,
        TelemetryOptions options,
        ServerOptions server,
        IConfiguration configuration
    )
    {
        _metrics = Sdk.CreateMeterProviderBuilder()
            .AddMeter(MetricViews.Meters)
            .AddView(instrument => MetricViews.Choose(instrument, meters))
            .SetExemplarFilter(SendsTraces(configuration) ? ExemplarFilterType.TraceBased : ExemplarFilterType.AlwaysOff)
            .AddReader(new BaseExportingMetricReader(exporter))
            .Build();
        _traces = SendsTraces(configuration) ? BuildTraces(options, server, configuration) : null;
    }

    /// <summary>Whether OpenTelemetry's own variables name an endpoint for traces.</summary>
    public static bool SendsTraces(IConfiguration configuration) =>
        (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]) is { Length: > 0 }
        && configuration["OTEL_TRACES_EXPORTER"] is null or "" or "otlp"
        && !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Tells the metrics what to read off the parts that this node has.</summary>
    public static void Connect(IServiceProvider services, HubOptions options)
    {
        var metrics = services.GetRequiredService<GatewayMetrics>();
        var time = services.GetRequiredService<TimeProvider>();
        services.GetRequiredService<TelemetryExport>(); // from here on measurements are heard
        metrics.Show(options.Server);
        metrics.Show(services.GetRequiredService<DatabaseWatch>());
        metrics.Show(services.GetRequiredService<PolicySource>(), services.GetRequiredService<ChangeFeed>(), time);
        foreach (var gauges in services.GetServices<IGauges>())
        {
            gauges.Show(metrics);
        }
    }

    public void Dispose()
    {
        _traces?.Dispose(); // sends what is waiting
        _metrics.Dispose();
    }

    private static TracerProvider BuildTraces(TelemetryOptions options, ServerOptions server, IConfiguration configuration) =>
        Sdk.CreateTracerProviderBuilder()
            .ConfigureServices(services => services.AddSingleton(configuration)) // the standard OTEL_* variables
            .ConfigureResource(resource =>
                resource.AddService(
                    "oneui-hub-gateway",
                    serviceVersion: ProductVersion.Text,
                    serviceInstanceId: server.NodeId ?? Environment.MachineName
                )
            )
            .SetSampler(new TraceSampler(options.TraceSampleRatio, options.TraceFollowClients))
            .AddSource("Microsoft.AspNetCore", "Yarp.ReverseProxy")
            .AddOtlpExporter()
            .Build();
}
