using Yarp.ReverseProxy.Configuration;

namespace Gateway.Benchmarks.Operator;

/// <summary>
/// YARP as its documentation starts it, with stock settings: one route that takes everything, one destination. Where it listens is told by
/// <c>ASPNETCORE_URLS</c>.
/// </summary>
internal static class StockYarp
{
    /// <summary>The path that answers with the bytes allocated since the start, instead of being proxied.</summary>
    public const string AllocatedPath = "/allocated";

    /// <summary>Runs until it is stopped.</summary>
    /// <param name="upstream">Where everything goes.</param>
    public static Task RunAsync(string upstream)
    {
        var builder = WebApplication.CreateBuilder();
        builder
            .Services.AddReverseProxy()
            .LoadFromMemory(
                [
                    new RouteConfig
                    {
                        RouteId = "all",
                        ClusterId = "upstream",
                        Match = new RouteMatch { Path = "/v1/{**path}" },
                    },
                ],
                [
                    new ClusterConfig
                    {
                        ClusterId = "upstream",
                        Destinations = new Dictionary<string, DestinationConfig> { ["upstream"] = new() { Address = upstream } },
                    },
                ]
            );
        builder.Logging.AddFilter("Yarp", LogLevel.Warning).AddFilter("Microsoft.AspNetCore", LogLevel.Warning); // as the templates have it
        var app = builder.Build();
        app.MapReverseProxy();
        app.MapGet(AllocatedPath, static () => GC.GetTotalAllocatedBytes(precise: false));
        return app.RunAsync();
    }
}
