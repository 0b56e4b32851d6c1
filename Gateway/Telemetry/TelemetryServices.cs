using Gateway.Telemetry.Exposition;

namespace Gateway.Telemetry;

/// <summary>Registers all that watches.</summary>
internal static class TelemetryServices
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddMetrics();
        services.AddSingleton<GatewayMetrics>();
        services.AddSingleton<CallLog>();
        services.AddSingleton<IGauges, CallLogGauges>();
        services.AddSingleton<TierLabels>();
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton<MetricScraper>();
        services.AddSingleton<TelemetryExport>();
    }
}
