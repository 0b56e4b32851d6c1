using System.Net;
using Gateway.Benchmarks.Load.Processes;
using Gateway.Core.Configuration;
using Gateway.Upstream;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Benchmarks.Load.Servers;

/// <summary>
/// What the gateway is measured against: YARP and nothing else, with the gateway's connections to the upstream. X-Forwarded headers are
/// off, as the gateway's are.
/// </summary>
internal static class YarpServer
{
    public static async Task RunAsync(string upstream)
    {
        var builder = WebApplication.CreateBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning).AddFilter(null, LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Listen(IPAddress.Loopback, 0);
        });
        builder
            .Services.AddReverseProxy()
            .LoadFromMemory([Route()], [Cluster(upstream)])
            .ConfigureHttpClient((_, handler) => UpstreamConnections.Configure(handler, new UpstreamOptions()));
        await using var app = builder.Build();
        app.MapReverseProxy();
        await app.StartAsync();
        await ControlLoop.RunAsync(new Uri(app.Urls.First()).Port);
    }

    private static RouteConfig Route() =>
        new()
        {
            RouteId = "all",
            ClusterId = "upstream",
            Match = new RouteMatch { Path = "/{**path}" },
            Transforms = [new Dictionary<string, string> { ["X-Forwarded"] = "Off" }],
        };

    private static ClusterConfig Cluster(string upstream) =>
        new()
        {
            ClusterId = "upstream",
            Destinations = new Dictionary<string, DestinationConfig> { ["upstream"] = new() { Address = upstream } },
            HttpRequest = new ForwarderRequestConfig
            {
                Version = HttpVersion.Version11,
                VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
            },
        };
}
