using System.Text.Json;

namespace Gateway.Apis.Chat;

/// <summary>Chunks of a chat.</summary>
internal sealed class ChatAnswer() : ChunkedAnswer("chat.completion.chunk")
{
    protected override void WriteNothing(Utf8JsonWriter choice)
    {
        choice.WriteStartObject("delta");
        choice.WriteEndObject();
    }
}
