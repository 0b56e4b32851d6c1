using Gateway.Upstream;
using Gateway.Calls;
using Yarp.ReverseProxy.Forwarder;

namespace Gateway.Ledger;

/// <summary>
/// The backstop: a call that went upstream is settled when this stage is left, whatever happened behind it. Normally the relay has settled it already,
/// before its last bytes.
/// </summary>
internal sealed class SettlementMiddleware(RequestDelegate next, Settlement settlement)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var inference = http.GetInference();
        try
        {
            await next(http);
        }
        finally
        {
            if (!inference.IsSettled && inference.Attempts > 0)
            {
                await settlement.SettleAsync(inference, EndWithoutAnswer(http, inference));
            }
        }
    }

    // A call that was given up because its client left was being worked on, and the upstream is charged for its prompt. A call that failed upstream is free.
    private static CallEnd EndWithoutAnswer(HttpContext http, InferenceRequest inference)
    {
        var isStream = inference.Body.Members.Stream;
        var error = http.Features.Get<IForwarderErrorFeature>()?.Error;
        return http.Features.Get<UpstreamCall>()?.ClientIsGone == true && error is ForwarderError.RequestCanceled
            ? CallEnd.LeftBeforeAnswer(inference.Body.Length, isStream)
            : CallEnd.Unanswered(error is ForwarderError.RequestTimedOut ? Outcomes.UpstreamTimeout : Outcomes.UpstreamUnreachable, http.Response.StatusCode, isStream);
    }
}
