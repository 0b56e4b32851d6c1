using System.Diagnostics.Metrics;
using Gateway.Core.Configuration;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Upstream;

/// <summary>Makes YARP's clients with our connections, whose measurements belong to this host alone.</summary>
internal sealed class UpstreamClientFactory(UpstreamOptions options, IMeterFactory meters, ILogger<ForwarderHttpClientFactory> logger)
    : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.MeterFactory = meters;
        UpstreamConnections.Configure(handler, options);
    }
}
