using System.Text.Json;
using Gateway.Core.Chats;

namespace Gateway.Chats;

/// <summary>How a stream of a chat looks to a client: each event whole.</summary>
internal interface IChatFraming
{
    /// <summary>What stands before the JSON of an event.</summary>
    ReadOnlySpan<byte> Opening { get; }

    /// <summary>What stands before the JSON of an error.</summary>
    ReadOnlySpan<byte> ErrorOpening { get; }

    /// <summary>Whether the client is told of the beginning.</summary>
    bool HasStart { get; }

    /// <summary>The answer begins.</summary>
    void WriteStart(Utf8JsonWriter json, string model);

    /// <summary>More text.</summary>
    void WriteText(Utf8JsonWriter json, string text);

    /// <summary>The answer is stored and charged.</summary>
    void WriteEnd(Utf8JsonWriter json, MessageView message);

    /// <summary>It failed.</summary>
    void WriteError(Utf8JsonWriter json, ChatFault fault);
}
