using Gateway.Apis.Messages;
using Gateway.Calls;

namespace Gateway.Apis;

/// <summary>
/// Paths that are refused with more than "unknown": those below an API that are none of its own, in its form, because tools of one provider
/// cannot read another's errors; and APIs of OpenAI's that cannot be metered here, with what to do instead.
/// </summary>
internal static class UnknownPaths
{
    private static readonly (string Path, string Why)[] NotAvailable =
    [
        ("uploads", "Uploads in parts are not available through this gateway. Send the file whole to /v1/files."),
        (
            "realtime",
            "Of OpenAI's realtime API this gateway has the WebSocket at /v1/realtime?model=... What goes past it, WebRTC, SIP and keys for "
                + "clients, cannot be metered here. Open a WebSocket with your API key."
        ),
    ];

    public static void MapUnknownPaths(this IEndpointRouteBuilder routes)
    {
        routes
            .Map(
                "/v1/messages/{**path}",
                (HttpContext http) => http.RefuseAsync(Refusals.UnknownUrl(http.Request.Method, http.Request.Path))
            )
            .WithMetadata(AnthropicErrors.Form);
        foreach (var (path, why) in NotAvailable)
        {
            routes.Map($"/v1/{path}/{{**rest}}", (HttpContext http) => http.RefuseAsync(Refusals.NotAvailable(why)));
        }
    }
}
