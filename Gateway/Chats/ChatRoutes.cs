using Gateway.Callers;
using Gateway.Calls;
using Gateway.Core.Chats;
using Microsoft.Net.Http.Headers;

namespace Gateway.Chats;

/// <summary>
/// The routes by which chats speak to models. They are traffic: a node that only manages does not serve them. Who calls is told by an
/// access token, never by a key.
/// </summary>
internal static class ChatRoutes
{
    private const string Base = "/api/v1";
    private const string Scheme = "Bearer ";
    private const string KeyPrefix = "sk-";

    /// <summary>Maps them.</summary>
    /// <returns>Their endpoints, for the rules of the process.</returns>
    public static IEndpointConventionBuilder MapChatTraffic(this IEndpointRouteBuilder routes)
    {
        var chats = routes.MapGroup(Base).WithMetadata(ChatErrorForm.Instance);
        chats.MapPost("/llm/chat/{chat_id}/message", SendAsync);
        chats.MapPost("/llm/chat/{chat_id}/message/stream", StreamTypedAsync);
        chats.MapGet("/stream/chat/{session_id}", StreamNamedAsync);
        chats.MapPost("/profile/analyze/{chat_id}", AnalyzeAsync);
        return chats;
    }

    private static Task SendAsync(HttpContext http) =>
        ServeAsync(
            http,
            async caller =>
            {
                var (wish, fault) = await http
                    .RequestServices.GetRequiredService<ChatWishReader>()
                    .ReadBodyAsync(http.Request, caller.User.Id);
                if (wish is null)
                {
                    await fault!.WriteAsync(http);
                    return;
                }
                var (answer, failed) = await http
                    .RequestServices.GetRequiredService<ChatCalls>()
                    .SendAsync(http, caller, Id(http, "chat_id"), wish);
                await (failed is null ? WriteAsync(http, answer!) : failed.WriteAsync(http));
            }
        );

    private static Task StreamTypedAsync(HttpContext http) =>
        ServeAsync(
            http,
            async caller =>
            {
                var (wish, fault) = await http
                    .RequestServices.GetRequiredService<ChatWishReader>()
                    .ReadBodyAsync(http.Request, caller.User.Id);
                await StreamAsync(http, caller, Id(http, "chat_id"), wish, fault, TypedEvents.Instance);
            }
        );

    private static Task StreamNamedAsync(HttpContext http) =>
        ServeAsync(
            http,
            caller =>
            {
                var (wish, fault) = ChatWishReader.ReadQuery(http.Request.Query);
                return StreamAsync(http, caller, Id(http, "session_id"), wish, fault, NamedEvents.Instance);
            }
        );

    private static Task AnalyzeAsync(HttpContext http) =>
        ServeAsync(
            http,
            async caller =>
            {
                var extraction = http.RequestServices.GetRequiredService<ProfileExtraction>();
                var (analysis, fault) = await extraction.AnalyzeAsync(http, caller, Id(http, "chat_id"));
                await (fault is null ? WriteAsync(http, analysis!) : fault.WriteAsync(http));
            }
        );

    private static Task StreamAsync(
        HttpContext http,
        Caller caller,
        string chatId,
        ChatWish? wish,
        ChatFault? fault,
        IChatFraming framing
    ) =>
        wish is null
            ? fault!.WriteAsync(http)
            : http.RequestServices.GetRequiredService<ChatCalls>().StreamAsync(http, caller, chatId, wish, framing);

    private static async Task ServeAsync(HttpContext http, Func<Caller, Task> serve)
    {
        if (Judge(http.Request) is { } malformed)
        {
            await malformed.WriteAsync(http);
            return;
        }
        var (caller, refusal) = await http
            .RequestServices.GetRequiredService<Authenticator>()
            .AuthenticateAsync(BearerOnly(http.Request), http.Connection.RemoteIpAddress, http.RequestAborted);
        await (caller is null ? ChatFaults.Of(refusal!).WriteAsync(http) : serve(caller));
    }

    // Keys, and what other headers hold, count at /v1 only.
    private static ChatFault? Judge(HttpRequest request)
    {
        var values = request.Headers.Authorization;
        if (values.Count == 0 || string.IsNullOrWhiteSpace(values.ToString()))
        {
            return ChatFault.AuthorizationRequired;
        }
        var parts = values.ToString().Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return values.Count != 1 || parts.Length != 2 || !parts[0].Equals(Scheme.Trim(), StringComparison.OrdinalIgnoreCase)
                ? ChatFault.AuthorizationMalformed
            : parts[1].StartsWith(KeyPrefix, StringComparison.Ordinal) ? ChatFault.TokenInvalid
            : null;
    }

    private static HeaderDictionary BearerOnly(HttpRequest request) =>
        new() { [HeaderNames.Authorization] = request.Headers.Authorization };

    private static string Id(HttpContext http, string name) => (string)http.Request.RouteValues[name]!;

    private static Task WriteAsync<T>(HttpContext http, T answer)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(answer, ChatJson.Options, "application/json; charset=utf-8", http.RequestAborted);
    }
}
