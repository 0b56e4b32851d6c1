using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Gateway.Sandbox;

namespace Gateway.Tests.Sandbox;

/// <summary>Calls to a sandbox, as short as a test wants them.</summary>
internal static class SandboxCalls
{
    public const string Chat = "/v1/chat/completions";

    /// <summary>How long a test waits for what must come; reached only when it fails.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    /// <summary>A client with the sandbox's key, that really closes the connection when it leaves in the middle of an answer.</summary>
    public static HttpClient CreateClient(this SandboxHost sandbox, string? key = null)
    {
        var handler = new SocketsHttpHandler
        {
            ResponseDrainTimeout = TimeSpan.Zero,
            AllowAutoRedirect = false,
            UseCookies = false,
        };
        var client = new HttpClient(handler) { BaseAddress = sandbox.BaseAddress, Timeout = TimeSpan.FromSeconds(30) };
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key ?? sandbox.ApiKey);
        return client;
    }

    public static string ChatBody(string model, bool stream = false, bool usage = false, string text = "hi", string more = "")
    {
        var options = usage ? ",\"stream_options\":{\"include_usage\":true}" : "";
        return $$"""{"model":"{{model}}","messages":[{"role":"user","content":"{{text}}"}]{{(stream ? ",\"stream\":true" : "")}}{{options}}{{more}}}""";
    }

    public static StringContent Json(string body) => new(body, Encoding.UTF8, "application/json");

    public static Task<HttpResponseMessage> PostChatAsync(
        this HttpClient client,
        string model,
        bool stream = false,
        bool usage = false,
        string text = "hi",
        string more = ""
    ) => client.PostAsync(Chat, Json(ChatBody(model, stream, usage, text, more)));

    public static async Task<JsonNode> ReadJsonAsync(this HttpResponseMessage response) =>
        JsonNode.Parse(await response.Content.ReadAsStringAsync())!;

    /// <summary>The call over a bare socket.</summary>
    public static Task<RawExchange> RawChatAsync(
        this SandboxHost sandbox,
        string model,
        bool stream = false,
        bool usage = false,
        string more = "",
        string path = Chat
    ) =>
        RawExchange.SendAsync(
            sandbox.BaseAddress,
            "POST",
            path,
            ChatBody(model, stream, usage, more: more),
            ("Authorization", "Bearer " + sandbox.ApiKey),
            ("Content-Type", "application/json")
        );

    /// <summary>The JSON of each event, without <c>[DONE]</c>.</summary>
    public static IReadOnlyList<JsonNode> Events(this string stream) =>
        [
            .. stream
                .Split("\n\n")
                .Where(text => text.StartsWith("data: {", StringComparison.Ordinal))
                .Select(text => JsonNode.Parse(text[6..])!),
        ];

    /// <summary>The text that a stream adds up to, over all choices.</summary>
    public static string TextOf(IEnumerable<JsonNode> events) =>
        string.Concat(
            events.SelectMany(chunk => chunk["choices"]?.AsArray() ?? []).Select(choice => choice?["delta"]?["content"]?.GetValue<string>())
        );
}
