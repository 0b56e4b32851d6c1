using Gateway.Telemetry.Exposition;

namespace Gateway.Telemetry;

/// <summary>Registers all that watches.</summary>
internal static class TelemetryServices
{
    public static void AddTelemetry(this IServiceCollection services)
    {
        services.AddGatewayMetrics();
        services.AddSingleton<CallLog>();
        services.AddSingleton<TierLabels>();
        services.AddSingleton<PrometheusExporter>();
        services.AddSingleton<MetricScraper>();
        services.AddSingleton<TelemetryExport>();
    }

    /// <summary>The instruments alone, for commands that measure what they do and show it to nobody.</summary>
    public static IServiceCollection AddGatewayMetrics(this IServiceCollection services) =>
        services.AddMetrics().AddSingleton<GatewayMetrics>();
}
