using System.Runtime.ExceptionServices;
using Gateway.Bodies;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Limits;
using Gateway.Telemetry;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Gateway.Upstream;

/// <summary>
/// Sends the call upstream, and again to another destination while not one byte of an answer has come. YARP has no retries of its own; its
/// load balancing and forwarder stand after this stage and run once per attempt.
/// </summary>
internal sealed partial class AttemptMiddleware(
    RequestDelegate next,
    AnswerOptions options,
    UpstreamRest rest,
    GatewayMetrics metrics,
    ILogger<AttemptMiddleware> logger
)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var call = http.GetCall();
        var proxy = http.GetReverseProxyFeature();
        var candidates = Candidates.Of(call.Model, call.Api, call.OnlyUpstream, proxy.AllDestinations, out var refusal);
        if (refusal is not null)
        {
            await call.Reservation.EndAsync(CallEnd.NeverSent);
            await http.RefuseAsync(refusal);
            return;
        }
        UsageOption.PutIn(call);
        var client = http.RequestAborted;
        using var upstreamCall = new UpstreamCall(client, call.Model, call.Body.Members.Stream, options);
        http.Features.Set(upstreamCall);
        http.RequestAborted = upstreamCall.Token; // what YARP's forwarder listens to
        try
        {
            await TryAsync(http, call, proxy, upstreamCall, candidates);
        }
        finally
        {
            http.RequestAborted = client;
        }
    }

    private async Task TryAsync(
        HttpContext http,
        Call call,
        IReverseProxyFeature proxy,
        UpstreamCall upstreamCall,
        IReadOnlyList<DestinationState> candidates
    )
    {
        for (; ; candidates = upstreamCall.Without(proxy.ProxiedDestination))
        {
            call.Attempts++;
            upstreamCall.Begin(candidates);
            call.Body.IsNeededAgain = upstreamCall.HasOtherDestination;
            proxy.AvailableDestinations = candidates;
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Request.Body = new EditedBodyStream(call.Body);
            http.Request.ContentLength = call.Body.EditedLength;
            await next(http);
            metrics.Attempted(proxy.ProxiedDestination?.DestinationId, ResultOf(http, upstreamCall));
            var error = http.Features.Get<IForwarderErrorFeature>();
            if (upstreamCall.IsAnswered || upstreamCall.ClientIsGone)
            {
                if (!call.Reservation.IsEnded)
                {
                    await call.Reservation.EndAsync(EndWithoutAnswer(http, call, upstreamCall, error));
                }
                ThrowFaultOfOurs(http, upstreamCall, error);
                return;
            }
            Log.Failed(logger, call.RequestId, call.Attempts, error?.Error ?? ForwarderError.None, error?.Exception);
            if (!upstreamCall.HasOtherDestination || !(upstreamCall.MovesOnFrom is not null || IsTransportFault(error)))
            {
                var refusal = error?.Error is ForwarderError.RequestTimedOut ? Refusals.UpstreamTimeout : Refusals.UpstreamUnreachable;
                await call.Reservation.EndAsync(CallEnd.Unanswered(OutcomeOf(error), refusal.Status, call.Body.Members.Stream));
                await http.RefuseAsync(refusal);
                return;
            }
            metrics.Retried(proxy.ProxiedDestination?.DestinationId);
            rest.After(http, upstreamCall.MovesOnFrom);
            http.Response.StatusCode = StatusCodes.Status200OK;
        }
    }

    // A call that was given up because its client left was being worked on, and the upstream is charged for its prompt. A call that failed
    // upstream is free.
    private static CallEnd EndWithoutAnswer(HttpContext http, Call call, UpstreamCall upstreamCall, IForwarderErrorFeature? error) =>
        upstreamCall.ClientIsGone && error?.Error is ForwarderError.RequestCanceled
            ? CallEnd.LeftBeforeAnswer(call.Body.Length, call.Body.Members.Stream)
            : CallEnd.Unanswered(OutcomeOf(error), http.Response.StatusCode, call.Body.Members.Stream);

    private static string OutcomeOf(IForwarderErrorFeature? error) =>
        error?.Error is ForwarderError.RequestTimedOut ? Outcomes.UpstreamTimeout : Outcomes.UpstreamUnreachable;

    private static string ResultOf(HttpContext http, UpstreamCall upstreamCall) =>
        upstreamCall.IsAnswered ? AttemptResults.Answered
        : upstreamCall.MovesOnFrom is not null ? AttemptResults.Unavailable
        : upstreamCall.ClientIsGone ? AttemptResults.ClientLeft
        : http.Features.Get<IForwarderErrorFeature>()?.Error is ForwarderError.RequestTimedOut ? AttemptResults.TimedOut
        : AttemptResults.Failed;

    // A fault in the relay ends up in the forwarder, which makes an empty 502 of it: ours to log and to answer in shape.
    private static void ThrowFaultOfOurs(HttpContext http, UpstreamCall upstreamCall, IForwarderErrorFeature? error)
    {
        if (!upstreamCall.ClientIsGone && !http.Response.HasStarted && error?.Exception is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private static bool IsTransportFault(IForwarderErrorFeature? error) =>
        error?.Error is ForwarderError.Request or ForwarderError.NoAvailableDestinations;

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: attempt {Attempt} failed upstream: {Error}.")]
        public static partial void Failed(ILogger logger, string requestId, int attempt, ForwarderError error, Exception? fault);
    }
}
