using Gateway.Core.Configuration;
using Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Upstream;

/// <summary>Registers the way upstream.</summary>
internal static class UpstreamServices
{
    public static void AddUpstream(
        this IServiceCollection services,
        UpstreamOptions options,
        IReadOnlyList<Uri> upstreams,
        UpstreamCredential credential
    )
    {
        services.AddSingleton(credential);
        services.AddSingleton<ITransformProvider, UpstreamTransforms>();
        services.AddSingleton<IActiveHealthCheckPolicy, ProbeHealthPolicy>();
        services.AddReverseProxy().LoadFromMemory(UpstreamRoutes.Routes(), UpstreamRoutes.Clusters(upstreams, options));
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamClientFactory>();
        services.AddSingleton<UpstreamSide>();
        services.AddSingleton<IGauges, UpstreamGauges>();
    }
}
