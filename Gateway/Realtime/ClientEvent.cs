using System.Text.Json;

namespace Gateway.Realtime;

/// <summary>What the gateway reads of an event of the client's.</summary>
internal readonly record struct ClientEvent
{
    private const int MostDepth = 128;

    /// <summary>Its type.</summary>
    public string Type { get; private init; }

    /// <summary>Its id, by which the upstream's errors name it; null: it has none.</summary>
    public string? Id { get; private init; }

    /// <summary>Bytes of sound in it, in base64.</summary>
    public long SoundBytes { get; private init; }

    /// <summary>Whether it changes the session.</summary>
    public bool IsUpdate => Type is "session.update" or "transcription_session.update";

    /// <summary>Whether it asks for a response.</summary>
    public bool AsksForResponse => Type == "response.create";

    /// <summary>Whether what it brings stays in the conversation.</summary>
    public bool IsContent => Type is "conversation.item.create" or "input_audio_buffer.append" || IsUpdate || AsksForResponse;

    /// <summary>Reads one.</summary>
    /// <param name="message">The message.</param>
    /// <param name="read">What it is.</param>
    /// <param name="fault">Why it is none.</param>
    public static bool TryRead(ReadOnlySpan<byte> message, out ClientEvent read, out string? fault)
    {
        (read, fault) = (default, "it is no JSON object");
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                var isSound = reader.ValueTextEquals("audio"u8);
                var isId = reader.ValueTextEquals("event_id"u8);
                reader.Read();
                if (isId && (read.Id is not null || reader.TokenType != JsonTokenType.String))
                {
                    fault = "it has several ids, or one that is no text";
                    return false;
                }
                if (isType && (read.Type is not null || reader.TokenType != JsonTokenType.String))
                {
                    fault = "it has several types, or one that is no text";
                    return false;
                }
                if (isType)
                {
                    read = read with { Type = reader.GetString()! };
                }
                else if (isId)
                {
                    read = read with { Id = reader.GetString() };
                }
                else if (isSound && reader.TokenType == JsonTokenType.String)
                {
                    read = read with { SoundBytes = read.SoundBytes + reader.ValueSpan.Length };
                }
                reader.Skip();
            }
            reader.Read();
            fault = read.Type is null ? "it has no type" : null;
            return fault is null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            return false;
        }
    }
}
