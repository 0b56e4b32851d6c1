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
/// load balancing and forwarder stand behind this stage and run once per attempt.
/// </summary>
internal sealed partial class AttemptMiddleware(
    RequestDelegate next,
    HubOptions options,
    GatewayMetrics metrics,
    ILogger<AttemptMiddleware> logger
)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var inference = http.GetCall();
        var proxy = http.GetReverseProxyFeature();
        if (proxy.AllDestinations.Count == 0)
        {
            await inference.Reservation.EndAsync(CallEnd.NeverSent);
            await http.RefuseAsync(Refusals.UpstreamNotConfigured);
            return;
        }
        UsageOption.PutIn(inference);
        var client = http.RequestAborted;
        using var call = new UpstreamCall(client, inference.Body.Members.Stream, options);
        http.Features.Set(call);
        http.RequestAborted = call.Token; // what YARP's forwarder listens to
        try
        {
            await TryAsync(http, inference, proxy, call);
        }
        finally
        {
            http.RequestAborted = client;
        }
    }

    private async Task TryAsync(HttpContext http, Call inference, IReverseProxyFeature proxy, UpstreamCall call)
    {
        for (var candidates = proxy.AvailableDestinations; ; candidates = Without(candidates, proxy.ProxiedDestination))
        {
            inference.Attempts++;
            call.HasOtherDestination = candidates.Count > 1;
            call.MayTryElsewhere = false;
            inference.Body.IsNeededAgain = call.HasOtherDestination;
            proxy.AvailableDestinations = candidates;
            http.Features.Set<IForwarderErrorFeature>(null);
            http.Request.Body = new EditedBodyStream(inference.Body);
            http.Request.ContentLength = inference.Body.EditedLength;
            await next(http);
            metrics.Attempted(proxy.ProxiedDestination?.DestinationId, ResultOf(http, call));
            var error = http.Features.Get<IForwarderErrorFeature>();
            if (call.IsAnswered || call.ClientIsGone)
            {
                if (!inference.Reservation.IsEnded)
                {
                    await inference.Reservation.EndAsync(EndWithoutAnswer(http, inference, call, error));
                }
                ThrowFaultOfOurs(http, call, error);
                return;
            }
            Log.Failed(logger, inference.RequestId, inference.Attempts, error?.Error ?? ForwarderError.None, error?.Exception);
            if (!call.HasOtherDestination || !(call.MayTryElsewhere || IsTransportFault(error)))
            {
                var refusal = error?.Error is ForwarderError.RequestTimedOut ? Refusals.UpstreamTimeout : Refusals.UpstreamUnreachable;
                await inference.Reservation.EndAsync(CallEnd.Unanswered(OutcomeOf(error), refusal.Status, inference.Body.Members.Stream));
                await http.RefuseAsync(refusal);
                return;
            }
            metrics.Retried(proxy.ProxiedDestination?.DestinationId);
            http.Response.StatusCode = StatusCodes.Status200OK;
        }
    }

    // A call that was given up because its client left was being worked on, and the upstream is charged for its prompt. A call that failed
    // upstream is free.
    private static CallEnd EndWithoutAnswer(HttpContext http, Call inference, UpstreamCall call, IForwarderErrorFeature? error) =>
        call.ClientIsGone && error?.Error is ForwarderError.RequestCanceled
            ? CallEnd.LeftBeforeAnswer(inference.Body.Length, inference.Body.Members.Stream)
            : CallEnd.Unanswered(OutcomeOf(error), http.Response.StatusCode, inference.Body.Members.Stream);

    private static string OutcomeOf(IForwarderErrorFeature? error) =>
        error?.Error is ForwarderError.RequestTimedOut ? Outcomes.UpstreamTimeout : Outcomes.UpstreamUnreachable;

    private static string ResultOf(HttpContext http, UpstreamCall call) =>
        call.IsAnswered ? AttemptResults.Answered
        : call.MayTryElsewhere ? AttemptResults.Unavailable
        : call.ClientIsGone ? AttemptResults.ClientLeft
        : http.Features.Get<IForwarderErrorFeature>()?.Error is ForwarderError.RequestTimedOut ? AttemptResults.TimedOut
        : AttemptResults.Failed;

    // A fault in the relay ends up in the forwarder, which makes an empty 502 of it: ours to log and to answer in shape.
    private static void ThrowFaultOfOurs(HttpContext http, UpstreamCall call, IForwarderErrorFeature? error)
    {
        if (!call.ClientIsGone && !http.Response.HasStarted && error?.Exception is { } fault)
        {
            ExceptionDispatchInfo.Throw(fault);
        }
    }

    private static bool IsTransportFault(IForwarderErrorFeature? error) =>
        error?.Error is ForwarderError.Request or ForwarderError.NoAvailableDestinations;

    private static IReadOnlyList<DestinationState> Without(IReadOnlyList<DestinationState> candidates, DestinationState? tried) =>
        [.. candidates.Where(d => d != tried)];

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "Request {RequestId}: attempt {Attempt} failed upstream: {Error}.")]
        public static partial void Failed(ILogger logger, string requestId, int attempt, ForwarderError error, Exception? fault);
    }
}
