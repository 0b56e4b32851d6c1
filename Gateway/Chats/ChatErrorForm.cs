using System.Buffers;
using System.Text.Json;
using Gateway.Calls;

namespace Gateway.Chats;

/// <summary>The form of errors at routes of chats, for what goes wrong outside of them: on a node that serves traffic alone.</summary>
internal sealed class ChatErrorForm : IErrorForm
{
    public static readonly ChatErrorForm Instance = new();

    public ReadOnlyMemory<byte> Serialize(
        int status,
        OpenAiError error,
        string? requestId,
        bool isOurs = true,
        LimitDetails? details = null
    )
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            new ChatFault(status, error.Code ?? error.Type, error.Message).WriteTo(json, requestId ?? "");
        }
        return buffer.WrittenMemory;
    }
}
