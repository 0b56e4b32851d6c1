using System.Diagnostics.Metrics;
using Gateway.Telemetry;
using static Gateway.Telemetry.GatewayMetrics;

namespace Gateway.Callers;

/// <summary>How full the caches of callers are.</summary>
internal sealed class CallerGauges(CallerDirectory callers) : IGauges
{
    public void Show(GatewayMetrics metrics) =>
        metrics.Meter.CreateObservableGauge(
            "oneui_cache_entries",
            () =>
                new Measurement<int>[]
                {
                    new(callers.KeysInMemory, Tag("cache", "keys")),
                    new(callers.UsersInMemory, Tag("cache", "users")),
                    new(callers.SessionsInMemory, Tag("cache", "sessions")),
                    new(callers.TokensInMemory, Tag("cache", "tokens")),
                },
            "{entry}",
            "Callers kept in memory."
        );
}
