using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>
/// Traces a share of all calls, chosen by trace id, and of each chosen one all spans. A client's wish to be traced is followed only where
/// the operator says so: who can set it decides what tracing costs.
/// </summary>
internal sealed class TraceSampler(double ratio, bool followsClients) : Sampler
{
    private readonly TraceIdRatioBasedSampler _byTraceId = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters parameters)
    {
        var parent = parameters.ParentContext;
        var isSampled = (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0;
        if (parent.TraceId != default && !parent.IsRemote)
        {
            return new SamplingResult(isSampled);
        }
        return isSampled && followsClients ? new SamplingResult(true) : _byTraceId.ShouldSample(parameters);
    }
}
