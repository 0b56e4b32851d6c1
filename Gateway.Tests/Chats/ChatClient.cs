using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Chats;

/// <summary>What the browser clients of both chat products call, and how they read it.</summary>
internal static class ChatClient
{
    /// <summary>A chat with a model; its id.</summary>
    public static async Task<string> NewChatAsync(this HttpClient client, string model)
    {
        var made = await client.SendAsync("POST", "/chats", new { model_used = model });
        made.Is(201);
        return made.Body.Text("id");
    }

    /// <summary>Sends a message and gets the whole answer.</summary>
    public static Task<ApiAnswer> MessageAsync(this HttpClient client, string chat, object body) =>
        client.SendAsync("POST", $"/llm/chat/{chat}/message", body);

    /// <summary>Sends a message by the route with events that have no name.</summary>
    public static Task<HttpResponseMessage> StreamTypedAsync(
        this HttpClient client,
        string chat,
        object body,
        CancellationToken stop = default
    ) =>
        client.SendAsync(
            new HttpRequestMessage(HttpMethod.Post, $"/api/v1/llm/chat/{chat}/message/stream")
            {
                Content = new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, new MediaTypeHeaderValue("application/json")),
            },
            HttpCompletionOption.ResponseHeadersRead,
            stop
        );

    /// <summary>Sends a message by the route with named events.</summary>
    public static Task<HttpResponseMessage> StreamNamedAsync(
        this HttpClient client,
        string chat,
        string message,
        CancellationToken stop = default
    ) =>
        client.GetAsync(
            $"/api/v1/stream/chat/{chat}?message={Uri.EscapeDataString(message)}",
            HttpCompletionOption.ResponseHeadersRead,
            stop
        );

    /// <summary>The messages of a chat.</summary>
    public static async Task<List<JsonElement>> MessagesAsync(this HttpClient client, string chat) =>
        [.. (await client.ReadAsync($"/chats/{chat}")).Body.At("messages").EnumerateArray()];

    /// <summary>The ledger entry of an answer.</summary>
    public static Task<Core.Storage.Entities.UsageRecord> EntryOfAsync(this AdminHub hub, string messageId) =>
        Eventually.NotNullAsync(() =>
            hub.ReadAsync(db => db.UsageRecords.AsNoTracking().FirstOrDefaultAsync(r => r.MessageId == messageId))
        );

    /// <summary>The JSON behind each <c>data:</c>, as a reader that knows the format of event streams finds it.</summary>
    public static List<JsonElement> Events(string stream) =>
        [
            .. stream
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .SelectMany(e => e.Split('\n'))
                .Where(l => l.StartsWith("data:", StringComparison.Ordinal))
                .Select(l => JsonDocument.Parse(l["data:".Length..].Trim()).RootElement.Clone()),
        ];
}
