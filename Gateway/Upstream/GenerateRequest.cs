using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Gateway.Upstream;

/// <summary>
/// A chat call as a service of the kind <c>generate_ndjson</c> takes it: messages of text, a maximum and a temperature. What it would not
/// obey is refused by name, never left out.
/// </summary>
/// <param name="Body">What is sent.</param>
/// <param name="IsStream">Whether the caller wants a stream; the service streams always.</param>
/// <param name="Model">The model, as the answer names it.</param>
internal sealed record GenerateRequest(byte[] Body, bool IsStream, string Model)
{
    private const string Messages = "messages";

    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    // What says nothing of the text that is to come.
    private static readonly string[] Ignored =
    [
        "model",
        "stream",
        "stream_options",
        "user",
        "metadata",
        "store",
        "safety_identifier",
        "prompt_cache_key",
    ];

    // The answer is the same with these as without them.
    private static readonly Dictionary<string, double> Neutral = new()
    {
        ["n"] = 1,
        ["top_p"] = 1,
        ["presence_penalty"] = 0,
        ["frequency_penalty"] = 0,
    };

    /// <summary>Reads OpenAI's body, which was read and found sound before.</summary>
    /// <returns>The request; or the refusal, as a body in OpenAI's form.</returns>
    public static (GenerateRequest? Request, byte[]? Refusal) Read(ReadOnlyMemory<byte> body)
    {
        using var document = JsonDocument.Parse(body);
        var root = document.RootElement;
        var buffer = new ArrayBufferWriter<byte>(body.Length + 64);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            foreach (var member in root.EnumerateObject())
            {
                if (Write(json, member) is { } refusal)
                {
                    return (null, refusal);
                }
            }
            json.WriteEndObject();
        }
        var isStream = root.TryGetProperty("stream", out var stream) && stream.ValueKind == JsonValueKind.True;
        return (new GenerateRequest(buffer.WrittenSpan.ToArray(), isStream, root.GetProperty("model").GetString()!), null);
    }

    private static byte[]? Write(Utf8JsonWriter json, JsonProperty member)
    {
        switch (member.Name)
        {
            case Messages:
                return WriteMessages(json, member.Value);
            case "max_tokens" or "max_completion_tokens" when member.Value.ValueKind == JsonValueKind.Number:
                json.WritePropertyName("max_tokens");
                member.Value.WriteTo(json);
                return null;
            case "temperature" when member.Value.ValueKind == JsonValueKind.Number:
                member.WriteTo(json);
                return null;
            default:
                return Ignored.Contains(member.Name) || IsNeutral(member)
                    ? null
                    : Refuse($"The upstream of this model does not know '{member.Name}': leave it out.", member.Name);
        }
    }

    private static bool IsNeutral(JsonProperty member) =>
        member.Value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.False => true,
            JsonValueKind.Array => member.Value.GetArrayLength() == 0,
            JsonValueKind.Number => Neutral.TryGetValue(member.Name, out var value) && member.Value.GetDouble().Equals(value),
            JsonValueKind.Object => member.Name == "response_format" && IsText(member.Value),
            _ => false,
        };

    private static byte[]? WriteMessages(Utf8JsonWriter json, JsonElement messages)
    {
        json.WriteStartArray(Messages);
        foreach (var message in messages.EnumerateArray())
        {
            var role = TextOf(message, "role") is { } told and not "developer" ? told : "system";
            if (role is not ("system" or "user" or "assistant") || CallsTools(message))
            {
                return Refuse("The upstream of this model takes no messages of tools.", Messages);
            }
            if (ContentOf(message) is not { } content)
            {
                return Refuse("The upstream of this model takes messages of text alone.", Messages);
            }
            json.WriteStartObject();
            json.WriteString("role", role);
            json.WriteString("content", content);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        return null;
    }

    private static bool CallsTools(JsonElement message) =>
        message.TryGetProperty("tool_calls", out var calls) && calls is { ValueKind: JsonValueKind.Array } && calls.GetArrayLength() > 0;

    // Null: it holds something other than text.
    private static string? ContentOf(JsonElement message)
    {
        if (!message.TryGetProperty("content", out var content) || content.ValueKind == JsonValueKind.Null)
        {
            return "";
        }
        if (content.ValueKind != JsonValueKind.Array)
        {
            return content.ValueKind == JsonValueKind.String ? content.GetString() : null;
        }
        var text = new StringBuilder();
        foreach (var part in content.EnumerateArray())
        {
            if (!IsText(part) || TextOf(part, "text") is not { } piece)
            {
                return null;
            }
            text.Append(piece);
        }
        return text.ToString();
    }

    private static bool IsText(JsonElement typed) => TextOf(typed, "type") == "text";

    private static string? TextOf(JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()
            : null;

    private static byte[] Refuse(string message, string param) =>
        JsonSerializer.SerializeToUtf8Bytes(
            new
            {
                error = new
                {
                    message,
                    type = "invalid_request_error",
                    param,
                    code = "unsupported_parameter",
                },
            }
        );
}
