using Gateway.Core.Policy;
using Gateway.Telemetry;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.LoadBalancing;
using Yarp.ReverseProxy.Transforms.Builder;

namespace Gateway.Upstream;

/// <summary>Registers the way upstream.</summary>
internal static class UpstreamServices
{
    public static void AddUpstream(this IServiceCollection services)
    {
        services.AddSingleton<ITransformProvider, UpstreamTransforms>();
        services.AddSingleton<IActiveHealthCheckPolicy, ProbeHealthPolicy>();
        services.AddSingleton<ILoadBalancingPolicy, PriorityThenWeight>();
        services.AddReverseProxy();
        services.AddSingleton<IProbingRequestFactory, UpstreamProbes>();
        services.AddSingleton<UpstreamConfig>();
        services.AddSingleton<IProxyConfigProvider>(provider => provider.GetRequiredService<UpstreamConfig>());
        services.AddSingleton<IConfigChangeListener>(provider => provider.GetRequiredService<UpstreamConfig>());
        services.AddSingleton<IChangeConsumer>(provider => provider.GetRequiredService<UpstreamConfig>());
        services.AddSingleton<IForwarderHttpClientFactory, UpstreamClientFactory>();
        services.AddSingleton<UpstreamRest>();
        services.AddSingleton<UpstreamSide>();
        services.AddSingleton<IGauges, UpstreamGauges>();
    }
}
