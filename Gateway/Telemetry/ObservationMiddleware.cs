using System.Diagnostics;
using Gateway.Calls;
using Microsoft.AspNetCore.Http.Features;

namespace Gateway.Telemetry;

/// <summary>
/// Stands around all stages: whatever becomes of a call, it is counted, timed, described in its trace and logged in one line, once.
/// </summary>
internal sealed class ObservationMiddleware(RequestDelegate next, GatewayMetrics metrics, TierLabels tiers, CallLog log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var start = Stopwatch.GetTimestamp();
        var isClean = false;
        metrics.CallStarted();
        try
        {
            await next(http);
            isClean = true;
        }
        finally
        {
            Observe(http, start, isClean);
        }
    }

    private void Observe(HttpContext http, long start, bool isClean)
    {
        var call = http.Features.Get<Call>();
        var refusal = http.Features.Get<Refusal>();
        var record = call?.Result?.Record;
        var isGone = http.RequestAborted.IsCancellationRequested;
        var outcome =
            record?.Outcome
            ?? (
                isClean && refusal is not null ? CallSummary.Refused
                : isGone ? Outcomes.ClientLeft
                : CallSummary.Failed
            );
        var status =
            record?.HttpStatus
            ?? (
                isClean ? http.Response.StatusCode
                : isGone ? StatusCodes.Status499ClientClosedRequest
                : StatusCodes.Status500InternalServerError
            );
        var summary = new CallSummary(call, http.GetApi().Name, tiers.Of(call), outcome, status, start);
        if (record is null && refusal is not null)
        {
            metrics.Refused(refusal, summary.Tier);
        }
        metrics.CallEnded(summary);
        if (http.Features.Get<IHttpActivityFeature>()?.Activity is { IsAllDataRequested: true } span)
        {
            CallSpan.Describe(span, summary, refusal);
        }
        log.Write(http, summary, refusal);
    }
}
