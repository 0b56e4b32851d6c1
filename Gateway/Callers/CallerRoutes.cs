using Gateway.Calls;

namespace Gateway.Callers;

/// <summary>Routes that answer a caller themselves: GET, and only after authentication.</summary>
internal static class CallerRoutes
{
    public static IEndpointConventionBuilder MapCallerRoute(
        this IEndpointRouteBuilder routes,
        string pattern,
        Func<HttpContext, Caller, Task> handle
    ) =>
        routes.Map(
            pattern,
            async (HttpContext http, Authenticator authenticator) =>
            {
                var (caller, refusal) = await authenticator.AuthenticateAsync(
                    http.Request.Headers,
                    http.Connection.RemoteIpAddress,
                    http.RequestAborted
                );
                if (caller is null)
                {
                    await http.RefuseAsync(refusal!);
                }
                else if (!HttpMethods.IsGet(http.Request.Method) && !HttpMethods.IsHead(http.Request.Method))
                {
                    await http.RefuseAsync(Refusals.MethodNotAllowed(http.Request.Method, "GET"));
                }
                else
                {
                    http.Response.Headers.CacheControl = "no-store";
                    await handle(http, caller);
                }
            }
        );
}
