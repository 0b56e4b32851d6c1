using System.Text.Encodings.Web;
using System.Text.Json;
using Gateway.Core.Json;

namespace Gateway.Core.Chats;

/// <summary>How chats stand in JSON, on the wire and in the database: as everything under <c>/api/v1</c> does.</summary>
public static class ChatJson
{
    /// <summary>Names in snake_case, times in UTC, text as it is.</summary>
    public static JsonSerializerOptions Options { get; } =
        new()
        {
            PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            Converters = { new UtcTimeConverter() },
        };

    /// <summary>The attachments of a row.</summary>
    public static IReadOnlyList<MessageAttachment> ReadAttachments(string json) =>
        json == "[]" ? [] : JsonSerializer.Deserialize<List<MessageAttachment>>(json, Options) ?? [];
}
