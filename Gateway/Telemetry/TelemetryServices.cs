using System.Diagnostics.Metrics;
using Gateway.Core.Configuration;
using Gateway.Core.Policy;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Providers;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>
/// Registers all that watches. OpenTelemetry has two pipelines here: metrics, which are collected when <c>/metrics</c> is read, and traces,
/// which are sent when an endpoint is set.
/// </summary>
internal static class TelemetryServices
{
    // Scrapers that wait for less say so by a header, which the exporter obeys.
    private const int LongestScrapeMilliseconds = 10_000;

    public static void AddTelemetry(this IServiceCollection services, HubOptions options, IConfiguration configuration)
    {
        services.AddGatewayMetrics();
        services.AddSingleton<CallLog>();
        services.AddSingleton<IGauges, CallLogGauges>();
        services.AddSingleton<TierLabels>();
        var telemetry = services
            .AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(MetricViews.Meters)
                    .SetExemplarFilter(SendsTraces(configuration) ? ExemplarFilterType.TraceBased : ExemplarFilterType.AlwaysOff)
                    .AddPrometheusExporter(exporter =>
                    {
                        exporter.ScopeInfoEnabled = false;
                        exporter.TargetInfoEnabled = false;
                        exporter.ScrapeResponseCacheDurationMilliseconds = 0;
                        exporter.ScrapeResponseTimeoutMilliseconds = LongestScrapeMilliseconds;
                    })
            );
        services.ConfigureOpenTelemetryMeterProvider(
            (provider, metrics) =>
            {
                var host = provider.GetRequiredService<IMeterFactory>();
                metrics.AddView(instrument => MetricViews.Choose(instrument, host));
            }
        );
        if (SendsTraces(configuration))
        {
            telemetry
                .ConfigureResource(resource =>
                    resource.AddService(
                        "oneui-hub-gateway",
                        serviceVersion: ProductVersion.Text,
                        serviceInstanceId: options.Server.NodeId ?? Environment.MachineName
                    )
                )
                .WithTracing(traces =>
                    traces
                        .SetSampler(new TraceSampler(options.Telemetry.TraceSampleRatio, options.Telemetry.TraceFollowClients))
                        .AddSource("Microsoft.AspNetCore", "Yarp.ReverseProxy")
                        .AddOtlpExporter()
                );
        }
    }

    /// <summary>Whether OpenTelemetry's own variables name an endpoint for traces.</summary>
    public static bool SendsTraces(IConfiguration configuration) =>
        (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] ?? configuration["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"]) is { Length: > 0 }
        && configuration["OTEL_TRACES_EXPORTER"] is null or "" or "otlp"
        && !string.Equals(configuration["OTEL_SDK_DISABLED"], "true", StringComparison.OrdinalIgnoreCase);

    /// <summary>Tells the metrics what to read off the parts that this node has.</summary>
    public static void ConnectTelemetry(this IServiceProvider services, HubOptions options)
    {
        services.GetRequiredService<MeterProvider>(); // measurements made before it exists are lost
        var metrics = services.GetRequiredService<GatewayMetrics>();
        metrics.Show(options.Server);
        metrics.Show(services.GetRequiredService<DatabaseWatch>());
        metrics.Show(services.GetRequiredService<StoreProvider>());
        metrics.Show(
            services.GetRequiredService<PolicySource>(),
            services.GetRequiredService<ChangeFeed>(),
            services.GetRequiredService<TimeProvider>()
        );
        foreach (var gauges in services.GetServices<IGauges>())
        {
            gauges.Show(metrics);
        }
    }

    /// <summary>The instruments alone, for commands that measure what they do and show it to nobody.</summary>
    public static IServiceCollection AddGatewayMetrics(this IServiceCollection services) =>
        services.AddMetrics().AddSingleton<GatewayMetrics>();
}
