using System.Net;
using Gateway.Apis;
using Gateway.Core.Configuration;
using Gateway.Core.Upstreams;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Upstream;

/// <summary>
/// YARP's routes and its one cluster: each API by all of its paths, each address of an upstream in force a destination. Which of them a
/// call may go to depends on its model (<see cref="Candidates"/>); connections and health are the same for all models.
/// </summary>
internal static class UpstreamRoutes
{
    /// <summary>The one cluster.</summary>
    public const string Cluster = "upstream";

    /// <summary>The routes. They take every method and media type: who may call is decided first.</summary>
    public static IReadOnlyList<RouteConfig> All { get; } =
    [.. ApiTable.All.SelectMany(api => api.Routes.Select(route => Route(route.Name, route.Path)))];

    /// <summary>The cluster with all destinations; with none, calls are refused before they reach it.</summary>
    public static ClusterConfig ClusterOf(IReadOnlyList<PolicyUpstream> upstreams, UpstreamOptions options)
    {
        var destinations = upstreams
            .SelectMany(u => u.DestinationIds.Zip(u.Roots))
            .ToDictionary(d => d.First, d => new DestinationConfig { Address = d.Second.ToString() });
        return new ClusterConfig
        {
            ClusterId = Cluster,
            LoadBalancingPolicy = PriorityThenWeight.PolicyName,
            Destinations = destinations,
            HealthCheck = new HealthCheckConfig
            {
                AvailableDestinationsPolicy = "HealthyOrPanic", // when all look ill, trying is better than refusing
                Passive = new PassiveHealthCheckConfig
                {
                    Enabled = destinations.Count > 1,
                    Policy = "TransportFailureRate",
                    ReactivationPeriod = options.UpstreamProbeInterval,
                },
                Active = new ActiveHealthCheckConfig
                {
                    Enabled = destinations.Count > 1,
                    Interval = options.UpstreamProbeInterval,
                    Timeout = options.UpstreamProbeInterval,
                    Policy = ProbeHealthPolicy.PolicyName,
                },
            },
            HttpRequest = new ForwarderRequestConfig
            {
                Version = HttpVersion.Version20, // over TLS, where the upstream speaks it; else 1.1
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                ActivityTimeout = options.UpstreamFirstByteTimeout, // once the answer has begun, the relay watches its silence
            },
        };
    }

    private static RouteConfig Route(string name, string path) =>
        new()
        {
            RouteId = name,
            ClusterId = Cluster,
            Match = new RouteMatch { Path = path },
        };
}
