using Gateway.Callers;
using Gateway.Calls;
using Gateway.Ledger;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>
/// Responses that the upstream keeps: read, deleted, cancelled, and what went into them. Each belongs to the user whose call made it; to
/// anybody else it does not exist. Free, and no calls of the ledger.
/// </summary>
internal static class StoredResponseRoutes
{
    public static void MapStoredResponses(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in new[] { "/v1", "", "/openai/v1" })
        {
            var path = prefix + "/responses/{response}";
            routes.Map(path, (HttpContext http) => AnswerAsync(http, "", HttpMethods.Get, HttpMethods.Delete));
            routes.Map(path + "/cancel", (HttpContext http) => AnswerAsync(http, "/cancel", HttpMethods.Post));
            routes.Map(path + "/input_items", (HttpContext http) => AnswerAsync(http, "/input_items", HttpMethods.Get));
        }
    }

    private static async Task AnswerAsync(HttpContext http, string rest, params string[] methods)
    {
        var services = http.RequestServices;
        var (caller, refusal) = await services
            .GetRequiredService<Authenticator>()
            .AuthenticateAsync(http.Request.Headers, http.Connection.RemoteIpAddress, http.RequestAborted);
        var id = (string)http.Request.RouteValues["response"]!;
        if (caller is not null && !methods.Contains(http.Request.Method))
        {
            refusal = Refusals.MethodNotAllowed(http.Request.Method, string.Join(", ", methods));
        }
        string? upstream = null;
        if (refusal is null)
        {
            (refusal, upstream) = await services.GetRequiredService<ResponseOwners>().FindAsync(caller!, id, http.RequestAborted);
        }
        if (refusal is null && HttpMethods.IsDelete(http.Request.Method))
        {
            var isRunning = await services.GetRequiredService<BackgroundResponses>().IsRunningAsync(id, http.RequestAborted);
            refusal = isRunning ? Refusals.ResponseRunning(id) : null;
        }
        if (refusal is not null)
        {
            await http.RefuseAsync(refusal);
            return;
        }
        var path = $"responses/{Uri.EscapeDataString(id)}{rest}{StoredForward.Query(http.Request.Query)}";
        var side = services.GetRequiredService<UpstreamSide>();
        var method = new HttpMethod(http.Request.Method);
        var body = await StoredForward.AskAsync(http, stop => side.SendAsync(method, path, upstream, stop), isProvider: false);
        if (body is null)
        {
            return;
        }
        await StoredForward.SendAsync(http, body);
        if (!HttpMethods.IsDelete(http.Request.Method))
        {
            await services.GetRequiredService<BackgroundResponses>().SeenAsync(id, body, CancellationToken.None);
        }
    }
}
