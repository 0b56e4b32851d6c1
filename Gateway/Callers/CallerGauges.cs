using System.Diagnostics.Metrics;
using Gateway.Telemetry;

namespace Gateway.Callers;

/// <summary>How full the caches of callers are.</summary>
internal sealed class CallerGauges(CallerDirectory callers) : IGauges
{
    public void Show(GatewayMetrics metrics) =>
        metrics.Meter.CreateObservableGauge("oneui_cache_entries", () => new Measurement<int>[]
        {
            new(callers.KeysInMemory, GatewayMetrics.Tag("cache", "keys")),
            new(callers.UsersInMemory, GatewayMetrics.Tag("cache", "users")),
            new(callers.SessionsInMemory, GatewayMetrics.Tag("cache", "sessions")),
            new(callers.TokensInMemory, GatewayMetrics.Tag("cache", "tokens")),
        }, "{entry}", "Callers kept in memory.");
}
