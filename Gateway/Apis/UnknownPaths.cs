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
        (
            "responses/compact",
            "A conversation cannot be made shorter at the provider through this gateway: nothing bounds what that writes. Send a summary "
                + "of your own in a new conversation, or context_management on /v1/messages."
        ),
        ("assistants", "Assistants call models by themselves, past the gateway. Use /v1/responses, with /v1/conversations."),
        ("threads", "Threads call models by themselves, past the gateway. Use /v1/responses, with /v1/conversations."),
        ("vector_stores", "Vector stores cost money by the day, which no answer tells. Name files in a call (input_file)."),
        ("containers", "Containers cost money by the session, which no answer tells. Run code on your side, as a function tool."),
        ("fine_tuning", "Training costs money that is known only after it. Train with the provider, and add the model to the catalogue."),
        ("evals", "Evaluations call models by themselves, past the gateway. Send their calls as a batch: /v1/batches."),
        ("videos", "What a video costs is not told by its answer, so that it cannot be charged exactly. Use the provider for it."),
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
