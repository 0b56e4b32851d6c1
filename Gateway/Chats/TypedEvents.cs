using System.Text.Json;
using Gateway.Core.Chats;

namespace Gateway.Chats;

/// <summary>
/// Events without a name, each with the same seven members: <c>start</c>, <c>content</c>, then <c>end</c> or <c>error</c>.
/// </summary>
internal sealed class TypedEvents : IChatFraming
{
    public static readonly TypedEvents Instance = new();

    public ReadOnlySpan<byte> Opening => "data: "u8;

    public ReadOnlySpan<byte> ErrorOpening => Opening;

    public bool HasStart => true;

    public void WriteStart(Utf8JsonWriter json, string model) => Write(json, "start", model: model);

    public void WriteText(Utf8JsonWriter json, string text) => Write(json, "content", content: text);

    public void WriteEnd(Utf8JsonWriter json, MessageView message) => Write(json, "end", model: message.ModelUsed, message: message);

    public void WriteError(Utf8JsonWriter json, ChatFault fault) => Write(json, "error", error: fault.Text);

    private static void Write(
        Utf8JsonWriter json,
        string type,
        string? content = null,
        string? model = null,
        MessageView? message = null,
        string? error = null
    )
    {
        json.WriteString("type", type);
        json.WriteString("content", content);
        json.WriteString("message_id", message?.Id);
        json.WriteString("model", model);
        if (message is null)
        {
            json.WriteNull("tokens");
            json.WriteNull("cost");
        }
        else
        {
            json.WriteStartObject("tokens");
            json.WriteNumber("input", message.TokensInput);
            json.WriteNumber("output", message.TokensOutput);
            json.WriteEndObject();
            json.WriteNumber("cost", message.Cost);
        }
        json.WriteString("error", error);
    }
}
