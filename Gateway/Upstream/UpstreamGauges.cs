using System.Diagnostics.Metrics;
using Gateway.Telemetry;
using Yarp.ReverseProxy;
using Yarp.ReverseProxy.Model;
using static Gateway.Telemetry.GatewayMetrics;

namespace Gateway.Upstream;

/// <summary>Which destinations are believed to be well, and how busy they are.</summary>
internal sealed class UpstreamGauges(IProxyStateLookup proxy) : IGauges
{
    public void Show(GatewayMetrics metrics)
    {
        metrics.Meter.CreateObservableGauge(
            "oneui_upstream_healthy",
            () => Destinations(proxy).Select(d => new Measurement<int>(IsWell(d) ? 1 : 0, Tag("destination", d.DestinationId))),
            description: "1: the destination gets calls; 0: probes or calls found it ill."
        );
        metrics.Meter.CreateObservableGauge(
            "oneui_upstream_calls_in_flight",
            () => Destinations(proxy).Select(d => new Measurement<int>(d.ConcurrentRequestCount, Tag("destination", d.DestinationId))),
            "{call}",
            "Calls that a destination is working on."
        );
    }

    private static IEnumerable<DestinationState> Destinations(IProxyStateLookup proxy) =>
        proxy.GetClusters().SelectMany(c => c.Destinations.Values);

    private static bool IsWell(DestinationState destination) =>
        destination.Health is { Active: not DestinationHealth.Unhealthy, Passive: not DestinationHealth.Unhealthy };
}
