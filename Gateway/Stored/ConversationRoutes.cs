using System.Text.Json;
using Gateway.Answers;
using Gateway.Bodies;
using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Upstreams;
using Gateway.Ledger;
using Gateway.Upstream;

namespace Gateway.Stored;

/// <summary>
/// Conversations that the upstream keeps for calls of responses: made, read, changed and deleted, with their items. Each belongs to the
/// user who made it; to anybody else it does not exist. Free, and no calls of the ledger.
/// </summary>
internal static class ConversationRoutes
{
    private const string Api = "/conversations";

    public static void MapConversations(this IEndpointRouteBuilder routes)
    {
        foreach (var prefix in StoredRequest.Prefixes)
        {
            var one = prefix + Api + "/{conversation}";
            routes.Map(prefix + Api, (HttpContext http) => StoredRequest.RunAsync(http, CreateAsync, HttpMethods.Post));
            routes.Map(
                one,
                (HttpContext http) => StoredRequest.RunAsync(http, UseAsync, HttpMethods.Get, HttpMethods.Post, HttpMethods.Delete)
            );
            routes.Map(one + "/items", (HttpContext http) => StoredRequest.RunAsync(http, UseAsync, HttpMethods.Get, HttpMethods.Post));
            routes.Map(
                one + "/items/{item}",
                (HttpContext http) => StoredRequest.RunAsync(http, UseAsync, HttpMethods.Get, HttpMethods.Delete)
            );
        }
    }

    private static async Task CreateAsync(HttpContext http, Caller caller)
    {
        var services = http.RequestServices;
        if (services.GetRequiredService<UpstreamSide>().FirstWith(Api) is not { } upstream)
        {
            await http.RefuseAsync(Refusals.NotKept("conversations"));
            return;
        }
        if (await AskAsync(http, caller, upstream, "conversations") is not { } answer)
        {
            return;
        }
        if (StoredRequest.IdOf(answer) is not { } id)
        {
            await http.RefuseAsync(Refusals.UpstreamInvalid);
            return;
        }
        var kept = new KeptObject
        {
            Id = id,
            Upstream = upstream.Name,
            Kind = KeptKinds.Conversation,
            UserId = caller.User.Id,
            CreatedAt = services.GetRequiredService<TimeProvider>().GetUtcNow().UtcDateTime,
        };
        await StoredRequest.KeepAndSendAsync(http, upstream, kept, "conversations/" + Uri.EscapeDataString(id), answer);
    }

    private static async Task UseAsync(HttpContext http, Caller caller)
    {
        var (kept, upstream) = await StoredRequest.FindAsync(http, caller, KeptKinds.Conversation);
        if (kept is null)
        {
            return;
        }
        var rest = http.Request.Path.Value!.TrimEnd('/').EndsWith("/items", StringComparison.Ordinal) ? "/items" : "";
        rest = http.Request.RouteValues.TryGetValue("item", out var item) ? "/items/" + Uri.EscapeDataString((string)item!) : rest;
        var path = "conversations/" + Uri.EscapeDataString(kept.Id) + rest + StoredForward.Query(http.Request.Query);
        if (await AskAsync(http, caller, upstream!, path) is not { } answer)
        {
            return;
        }
        if (HttpMethods.IsDelete(http.Request.Method) && rest.Length == 0)
        {
            await http.RequestServices.GetRequiredService<KeptObjects>().ForgetAsync(kept, CancellationToken.None);
        }
        await StoredForward.SendAsync(http, answer);
    }

    // The body of a good answer; null: the client has its refusal.
    private static async Task<byte[]?> AskAsync(HttpContext http, Caller caller, PolicyUpstream upstream, string path)
    {
        var side = http.RequestServices.GetRequiredService<UpstreamSide>();
        var method = new HttpMethod(http.Request.Method);
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return await StoredForward.AskAsync(http, stop => side.SendAsync(upstream, method, path, null, stop));
        }
        using var body = await ReadAsync(http, caller);
        return body is null
            ? null
            : await StoredForward.AskAsync(
                http,
                stop => side.SendAsync(upstream, method, path, StoredRequest.Json(body.Array.AsMemory(0, body.Length)), stop)
            );
    }

    private static async Task<BodyBuffer?> ReadAsync(HttpContext http, Caller caller)
    {
        var services = http.RequestServices;
        var (body, refusal) = await services.GetRequiredService<BodyReader>().ReadAsync(http.Request, caller.Key?.Id ?? caller.User.Id);
        if (body is not null && (refusal = await CheckFilesAsync(http, caller, body)) is not null)
        {
            body.Dispose();
        }
        if (refusal is null)
        {
            return body;
        }
        await http.RefuseAsync(refusal);
        return null;
    }

    private static async Task<Refusal?> CheckFilesAsync(HttpContext http, Caller caller, BodyBuffer body)
    {
        var ids = new HashSet<string>(StringComparer.Ordinal);
        try
        {
            if (body.Length > 0)
            {
                var depth = http.RequestServices.GetRequiredService<BodyOptions>().MaxJsonDepth;
                FileIds.Find(body.Array.AsSpan(0, body.Length), depth, ids);
            }
        }
        catch (JsonException fault)
        {
            return Refusals.InvalidJson((fault.LineNumber ?? 0) + 1, (fault.BytePositionInLine ?? 0) + 1);
        }
        return ids.Count == 0
            ? null
            : (await http.RequestServices.GetRequiredService<KeptObjects>().CheckFilesAsync(caller, ids, http.RequestAborted)).Refusal;
    }
}
