using Gateway.Calls;

namespace Gateway.Callers;

/// <summary>The first stage: nobody unknown comes further. Decides before method, media type and body are looked at.</summary>
internal sealed class AuthenticationMiddleware(RequestDelegate next, Authenticator authenticator, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var (caller, refusal) = await authenticator.AuthenticateAsync(
            http.Request.Headers,
            http.Connection.RemoteIpAddress,
            http.RequestAborted
        );
        if (caller is null)
        {
            await http.RefuseAsync(refusal!);
            return;
        }
        http.SetCall(
            new Call(http.GetRequestId(), http.GetApi(), caller, time.GetUtcNow().UtcDateTime)
            {
                ClientRequestId = RequestIdMiddleware.ClientRequestId(http.Request),
            }
        );
        await next(http);
    }
}
