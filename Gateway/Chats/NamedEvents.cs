using System.Text.Json;
using Gateway.Core.Chats;

namespace Gateway.Chats;

/// <summary>Events with a name: <c>token</c>, then <c>complete</c> with the whole text; an error has a name of its own.</summary>
internal sealed class NamedEvents : IChatFraming
{
    public static readonly NamedEvents Instance = new();

    public ReadOnlySpan<byte> Opening => "event:message\ndata:"u8;

    public ReadOnlySpan<byte> ErrorOpening => "event:error\ndata:"u8;

    public bool HasStart => false;

    public void WriteStart(Utf8JsonWriter json, string model) { }

    public void WriteText(Utf8JsonWriter json, string text)
    {
        json.WriteString("type", "token");
        json.WriteString("content", text);
    }

    public void WriteEnd(Utf8JsonWriter json, MessageView message)
    {
        json.WriteString("type", "complete");
        json.WriteString("content", message.Content);
        json.WriteNumber("tokens", message.Tokens);
        json.WriteString("message_id", message.Id);
        json.WriteString("model", message.ModelUsed);
        json.WriteNumber("tokens_input", message.TokensInput);
        json.WriteNumber("tokens_output", message.TokensOutput);
        json.WriteNumber("cost", message.Cost);
    }

    public void WriteError(Utf8JsonWriter json, ChatFault fault)
    {
        json.WriteString("error", fault.Text);
        json.WriteString("code", fault.Code);
    }
}
