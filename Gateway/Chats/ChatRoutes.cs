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
    private const string EventStream = "text/event-stream";
    private const string Scheme = "Bearer ";
    private const string KeyPrefix = "sk-";

    /// <summary>Maps them.</summary>
    /// <returns>Their endpoints, for the rules of the process.</returns>
    public static IEndpointConventionBuilder MapChatTraffic(this IEndpointRouteBuilder routes)
    {
        var chats = routes.MapGroup(Base).WithMetadata(ChatErrorForm.Instance);
        chats
            .MapPost("/llm/chat/{chat_id}/message", SendAsync)
            .WithSummary("Send a message")
            .WithDescription("The model's answer, stored and charged like any call. A chat gets one answer at a time: 409 `chat_busy`.")
            .Produces<AnsweredMessage>()
            .Refuses(402, 413, 415, 502, 504);
        chats
            .MapPost("/llm/chat/{chat_id}/message/stream", StreamTypedAsync)
            .WithSummary("Send a message and stream the answer")
            .WithDescription("Server-sent events; the last one says that the answer is stored and charged, or why it failed.")
            .Produces<string>(StatusCodes.Status200OK, EventStream)
            .Refuses(402, 413, 415, 502, 504);
        chats
            .MapGet("/stream/chat/{session_id}", StreamNamedAsync)
            .WithSummary("Send a message in the URL and stream the answer")
            .WithDescription("For an `EventSource`. The last event says that the answer is stored and charged, or why it failed.")
            .Produces<string>(StatusCodes.Status200OK, EventStream)
            .Refuses(402, 409, 502, 504);
        chats
            .MapPost("/profile/analyze/{chat_id}", AnalyzeAsync)
            .WithSummary("Read a chat for the profile")
            .WithDescription("A model adds to the profile what the user tells of themselves in the chat. The platform pays.")
            .Produces<ProfileAnalysis>()
            .Refuses(402, 502, 504);
        return chats;
    }

    private static void Refuses(this RouteHandlerBuilder route, params int[] statuses) =>
        route.WithMetadata([.. statuses.Select(status => new ProducesResponseTypeMetadata(status, typeof(void)))]);

    private static Task SendAsync(string chat_id, HttpContext http, ChatWishReader reader, ChatCalls calls) =>
        ServeAsync(
            http,
            async caller =>
            {
                var (wish, fault) = await reader.ReadBodyAsync(http.Request, caller.User.Id);
                if (wish is null)
                {
                    await fault!.WriteAsync(http);
                    return;
                }
                var (answer, failed) = await calls.SendAsync(http, caller, chat_id, wish);
                await (failed is null ? WriteAsync(http, answer!) : failed.WriteAsync(http));
            }
        );

    private static Task StreamTypedAsync(string chat_id, HttpContext http, ChatWishReader reader, ChatCalls calls) =>
        ServeAsync(
            http,
            async caller =>
            {
                var (wish, fault) = await reader.ReadBodyAsync(http.Request, caller.User.Id);
                await (wish is null ? fault!.WriteAsync(http) : calls.StreamAsync(http, caller, chat_id, wish, TypedEvents.Instance));
            }
        );

    private static Task StreamNamedAsync(string session_id, HttpContext http, ChatCalls calls) =>
        ServeAsync(
            http,
            caller =>
            {
                var (wish, fault) = ChatWishReader.ReadQuery(http.Request.Query);
                return wish is null ? fault!.WriteAsync(http) : calls.StreamAsync(http, caller, session_id, wish, NamedEvents.Instance);
            }
        );

    private static Task AnalyzeAsync(string chat_id, HttpContext http, ProfileExtraction extraction) =>
        ServeAsync(
            http,
            async caller =>
            {
                var (analysis, fault) = await extraction.AnalyzeAsync(http, caller, chat_id);
                await (fault is null ? WriteAsync(http, analysis!) : fault.WriteAsync(http));
            }
        );

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

    private static Task WriteAsync<T>(HttpContext http, T answer)
    {
        http.Response.Headers.CacheControl = "no-store";
        return http.Response.WriteAsJsonAsync(answer, ChatJson.Options, "application/json; charset=utf-8", http.RequestAborted);
    }
}
