using System.Diagnostics;
using OpenTelemetry.Trace;

namespace Gateway.Telemetry;

/// <summary>
/// Traces a share of all calls, chosen by trace id, and of each chosen one all spans. A client's wish to be traced is followed only where
/// the operator says so: who can set it decides what tracing costs. The calls that a node makes to itself at the start are not traced.
/// </summary>
internal sealed class TraceSampler(double ratio, bool followsClients) : Sampler
{
    /// <summary>The trace of calls that are nobody's.</summary>
    public static readonly ActivityTraceId NeverTraced = ActivityTraceId.CreateFromString("00000000000000000000000077617263");

    private readonly TraceIdRatioBasedSampler _byTraceId = new(ratio);

    public override SamplingResult ShouldSample(in SamplingParameters parameters)
    {
        var parent = parameters.ParentContext;
        if (parent.TraceId == NeverTraced)
        {
            return new SamplingResult(SamplingDecision.Drop);
        }
        var isSampled = (parent.TraceFlags & ActivityTraceFlags.Recorded) != 0;
        if (parent.TraceId != default && !parent.IsRemote)
        {
            return new SamplingResult(isSampled);
        }
        return isSampled && followsClients ? new SamplingResult(true) : _byTraceId.ShouldSample(parameters);
    }
}
