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
        (
            "files",
            "Files that the provider keeps are not available through this gateway: it could not tell, wherever a body names one, whose "
                + "it is. Put the content into the call."
        ),
        (
            "uploads",
            "Files that the provider keeps are not available through this gateway: it could not tell, wherever a body names one, whose "
                + "it is. Put the content into the call."
        ),
        (
            "batches",
            "Batches are not available through this gateway: they work on files that the provider keeps. Send the calls one by one; "
                + "where the model has it, 'service_tier' set to 'flex' costs less."
        ),
        (
            "conversations",
            "Conversations that the provider keeps are not available through this gateway: it cannot tell whose they are. Go on with "
                + "'previous_response_id', or send the items."
        ),
        (
            "realtime",
            "Realtime sessions are not available through this gateway: what they can cost has no bound before they are over. Use "
                + "/v1/chat/completions with audio, or /v1/audio."
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
