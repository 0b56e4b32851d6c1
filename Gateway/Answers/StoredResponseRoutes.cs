using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Ledger;
using Gateway.Upstream;

namespace Gateway.Answers;

/// <summary>
/// Responses that the upstream keeps: read, deleted, cancelled, and what went into them. Each belongs to the user whose call made it; to
/// anybody else it does not exist. Free, and no calls of the ledger.
/// </summary>
internal static class StoredResponseRoutes
{
    // What a client may ask of them; a stream of an answer that is over is none of it.
    private static readonly string[] Questions = ["include", "limit", "order", "after", "before"];

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
        var body = await ForwardAsync(http, $"responses/{Uri.EscapeDataString(id)}{rest}{Query(http.Request.Query)}", upstream);
        if (body is not null && !HttpMethods.IsDelete(http.Request.Method))
        {
            await services.GetRequiredService<BackgroundResponses>().SeenAsync(id, body, CancellationToken.None);
        }
    }

    // The body of a good answer.
    private static async Task<byte[]?> ForwardAsync(HttpContext http, string path, string? upstream)
    {
        var options = http.RequestServices.GetRequiredService<HubOptions>();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(http.RequestAborted);
        stop.CancelAfter(options.Upstream.UpstreamFirstByteTimeout);
        try
        {
            using var answer = await http
                .RequestServices.GetRequiredService<UpstreamSide>()
                .SendAsync(new HttpMethod(http.Request.Method), path, upstream, stop.Token);
            if (answer is null)
            {
                await http.RefuseAsync(Refusals.UpstreamNotConfigured);
                return null;
            }
            await answer.Content.LoadIntoBufferAsync(options.Body.MaxBodyBytes, stop.Token);
            var body = await answer.Content.ReadAsByteArrayAsync(stop.Token);
            await SendAsync(http, answer, body);
            return answer.IsSuccessStatusCode ? body : null;
        }
        catch (OperationCanceledException) when (!http.RequestAborted.IsCancellationRequested)
        {
            await http.RefuseAsync(Refusals.UpstreamTimeout);
        }
        catch (HttpRequestException)
        {
            await http.RefuseAsync(Refusals.UpstreamUnreachable);
        }
        return null;
    }

    private static Task SendAsync(HttpContext http, HttpResponseMessage answer, byte[] body)
    {
        var status = (int)answer.StatusCode;
        if (status is >= 200 and < 300)
        {
            http.Response.StatusCode = StatusCodes.Status200OK;
            http.Response.ContentType = AnswerKinds.JsonType;
            http.Response.ContentLength = body.Length;
            http.Response.Headers.CacheControl = "no-store";
            return http.Response.Body.WriteAsync(body, http.RequestAborted).AsTask();
        }
        if (status is < 400 or > 599)
        {
            return http.RefuseAsync(Refusals.UpstreamInvalid);
        }
        var error = UpstreamErrorReader.Read(status, body);
        return UpstreamErrorReader.IsOurs(status, error)
            ? http.RefuseAsync(Refusals.UpstreamRefused)
            : http.WriteUpstreamErrorAsync(status, error);
    }

    private static QueryString Query(IQueryCollection asked) =>
        QueryString.Create(
            asked
                .Where(q => Questions.Contains(q.Key.TrimEnd('[', ']')))
                .SelectMany(q => q.Value.Select(v => KeyValuePair.Create(q.Key, v)))
        );
}
