using System.Diagnostics.Metrics;
using Gateway.Core.Configuration;
using Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Upstream;

/// <summary>Makes YARP's clients with our connections, whose measurements belong to this host alone.</summary>
internal sealed class UpstreamClientFactory(
    UpstreamOptions options,
    AnswerOptions answers,
    TimeProvider time,
    IMeterFactory meters,
    IConfiguration configuration,
    ILogger<ForwarderHttpClientFactory> logger
) : ForwarderHttpClientFactory(logger)
{
    protected override void ConfigureHandler(ForwarderHttpClientContext context, SocketsHttpHandler handler)
    {
        base.ConfigureHandler(context, handler);
        handler.MeterFactory = meters;
        UpstreamConnections.Configure(handler, options);
        // Without traces no span is made of a call, and the handler that would make one is left out.
        handler.ActivityHeadersPropagator = TelemetryServices.SendsTraces(configuration) ? new TraceParentPropagator() : null;
    }

    protected override HttpMessageHandler WrapHandler(ForwarderHttpClientContext context, HttpMessageHandler handler) =>
        new GenerateHandler(base.WrapHandler(context, handler), answers.MaxEventBytes, time);
}
