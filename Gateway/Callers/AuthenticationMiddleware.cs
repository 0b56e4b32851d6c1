using Gateway.Calls;

namespace Gateway.Callers;

/// <summary>The first stage: nobody unknown comes further. Decides before method, media type and body are looked at.</summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, Authenticator authenticator, TimeProvider time)
{
    public Task InvokeAsync(HttpContext http)
    {
        if (http.GetApi().SpeaksAnthropic)
        {
            RequestIdMiddleware.WriteHeaders(http); // the path is known by now, and its SDKs look for the id elsewhere
        }
        if (http.Features.Get<CallOrder>() is { } order)
        {
            return GoOn(http, (order.Caller, null), order);
        }
        var authenticating = authenticator.AuthenticateAsync(http.Request.Headers, http.Connection.RemoteIpAddress, http.RequestAborted);
        // Nearly always known at once: without a state machine of this stage's own
        return authenticating.IsCompletedSuccessfully ? GoOn(http, authenticating.Result) : WaitAsync(http, authenticating);
    }

    private async Task WaitAsync(HttpContext http, ValueTask<(Caller? Caller, Refusal? Refusal)> authenticating) =>
        await GoOn(http, await authenticating);

    private Task GoOn(HttpContext http, (Caller? Caller, Refusal? Refusal) found, CallOrder? order = null)
    {
        if (found.Caller is not { } caller)
        {
            return http.RefuseAsync(found.Refusal!);
        }
        http.SetCall(
            new Call(http.GetRequestId(), http.GetApi(), caller, time.GetUtcNow().UtcDateTime)
            {
                ClientRequestId = RequestIdMiddleware.ClientRequestId(http.Request),
                ChatId = order?.ChatId,
                MessageId = order?.MessageId,
            }
        );
        return next(http);
    }
}
