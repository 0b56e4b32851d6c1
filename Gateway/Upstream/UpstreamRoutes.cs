using System.Net;
using Gateway.Apis;
using Gateway.Core.Configuration;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.LoadBalancing;

namespace Gateway.Upstream;

/// <summary>
/// YARP's routes and its one cluster, made from the options: each API by all of its paths, each upstream address a destination.
/// </summary>
internal static class UpstreamRoutes
{
    /// <summary>The one cluster.</summary>
    public const string Cluster = "upstream";

    /// <summary>The routes. They take every method and media type: who may call is decided first.</summary>
    public static IReadOnlyList<RouteConfig> Routes() =>
        [.. ApiTable.All.SelectMany(api => api.Routes.Select(route => Route(route.Name, route.Path)))];

    /// <summary>The cluster with all destinations; with none, calls are refused before they reach it.</summary>
    public static IReadOnlyList<ClusterConfig> Clusters(IReadOnlyList<Uri> upstreams, UpstreamOptions options) =>
        [
            new ClusterConfig
            {
                ClusterId = Cluster,
                LoadBalancingPolicy = LoadBalancingPolicies.PowerOfTwoChoices,
                Destinations = upstreams
                    .Select((address, index) => (address, index))
                    .ToDictionary(u => $"upstream-{u.index + 1}", u => new DestinationConfig { Address = BaseOf(u.address).ToString() }),
                HealthCheck = new HealthCheckConfig
                {
                    AvailableDestinationsPolicy = "HealthyOrPanic", // when all look ill, trying is better than refusing
                    Passive = new PassiveHealthCheckConfig
                    {
                        Enabled = upstreams.Count > 1,
                        Policy = "TransportFailureRate",
                        ReactivationPeriod = options.UpstreamProbeInterval,
                    },
                    Active = new ActiveHealthCheckConfig
                    {
                        Enabled = upstreams.Count > 1,
                        Interval = options.UpstreamProbeInterval,
                        Timeout = options.UpstreamProbeInterval,
                        Policy = ProbeHealthPolicy.PolicyName,
                        Path = "/health/liveliness",
                    },
                },
                HttpRequest = new ForwarderRequestConfig
                {
                    Version = upstreams.All(u => u.Scheme == Uri.UriSchemeHttps) ? HttpVersion.Version20 : HttpVersion.Version11,
                    VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
                    ActivityTimeout = options.UpstreamFirstByteTimeout, // once the answer has begun, the relay watches its silence
                },
            },
        ];

    /// <summary>An upstream's address as LiteLLM's is meant: many people write the <c>/v1</c> of OpenAI's at its end.</summary>
    public static Uri BaseOf(Uri address)
    {
        var text = address.ToString().TrimEnd('/');
        return new Uri((text.EndsWith("/v1", StringComparison.OrdinalIgnoreCase) ? text[..^3] : text) + "/");
    }

    private static RouteConfig Route(string name, string path) =>
        new()
        {
            RouteId = name,
            ClusterId = Cluster,
            Match = new RouteMatch { Path = path },
        };
}
