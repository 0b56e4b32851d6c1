using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Realtime;

/// <summary>What the gateway reads of an event of the upstream's. Everything else passes as it is.</summary>
internal readonly record struct ServerEvent
{
    private const int MostDepth = 128;

    /// <summary>What it tells.</summary>
    public ServerEventKind Kind { get; private init; }

    /// <summary>The id of the response, of the item that was written down, or of the event that is refused; null: none.</summary>
    public string? Id { get; private init; }

    /// <summary>How the response ended: <c>completed</c>, <c>cancelled</c>, <c>incomplete</c> or <c>failed</c>.</summary>
    public string? Status { get; private init; }

    /// <summary>Where its usage stands in the message; empty: nowhere.</summary>
    public ByteRange Usage { get; private init; }

    /// <summary>Bytes of what was made: of text, or of sound in base64.</summary>
    public long MadeBytes { get; private init; }

    /// <summary>Whether that is sound.</summary>
    public bool IsSound { get; private init; }

    /// <summary>Where the session stands in the message; empty: nowhere.</summary>
    public ByteRange Session { get; private init; }

    /// <summary>Reads one.</summary>
    /// <returns>False when it is no event.</returns>
    public static bool TryRead(ReadOnlySpan<byte> message, out ServerEvent read)
    {
        read = default;
        var reader = new Utf8JsonReader(message, new JsonReaderOptions { MaxDepth = MostDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            string? type = null;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    type = reader.TokenType == JsonTokenType.String ? reader.GetString() : null;
                }
                else
                {
                    read = read.WithMember(ref reader);
                }
            }
            var isWhole = reader.TokenType == JsonTokenType.EndObject && !reader.Read();
            read = read with { Kind = KindOf(type), IsSound = IsOfSound(type) };
            return isWhole && type is not null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return false; // broken, or with a text that is no text
        }
    }

    private ServerEvent WithMember(ref Utf8JsonReader reader)
    {
        var isResponse = reader.ValueTextEquals("response"u8);
        var isError = reader.ValueTextEquals("error"u8);
        var isUsage = reader.ValueTextEquals("usage"u8);
        var isSession = reader.ValueTextEquals("session"u8);
        var isId = reader.ValueTextEquals("response_id"u8) || (Id is null && reader.ValueTextEquals("item_id"u8));
        var isMade = reader.ValueTextEquals("delta"u8) || reader.ValueTextEquals("transcript"u8);
        reader.Read();
        if (isResponse && reader.TokenType == JsonTokenType.StartObject)
        {
            return WithResponse(ref reader);
        }
        if (isError && reader.TokenType == JsonTokenType.StartObject)
        {
            return WithError(ref reader);
        }
        if (reader.TokenType == JsonTokenType.String)
        {
            return isId ? this with { Id = reader.GetString() }
                : isMade ? this with { MadeBytes = Math.Max(MadeBytes, reader.ValueSpan.Length) }
                : this;
        }
        var range = RangeOf(ref reader, out var isObject);
        return isUsage && isObject ? this with { Usage = range }
            : isSession && isObject ? this with { Session = range }
            : this;
    }

    private ServerEvent WithError(ref Utf8JsonReader reader)
    {
        var read = this;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("event_id"u8);
            reader.Read();
            read = isId && reader.TokenType == JsonTokenType.String ? read with { Id = reader.GetString() } : read;
            reader.Skip();
        }
        return read;
    }

    private ServerEvent WithResponse(ref Utf8JsonReader reader)
    {
        var read = this;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isId = reader.ValueTextEquals("id"u8);
            var isStatus = reader.ValueTextEquals("status"u8);
            var isUsage = reader.ValueTextEquals("usage"u8);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && (isId || isStatus))
            {
                read = isId ? read with { Id = reader.GetString() } : read with { Status = reader.GetString() };
                continue;
            }
            var range = RangeOf(ref reader, out var isObject);
            read = isUsage && isObject ? read with { Usage = range } : read;
        }
        return read;
    }

    private static ByteRange RangeOf(ref Utf8JsonReader reader, out bool isObject)
    {
        var start = (int)reader.TokenStartIndex;
        isObject = reader.TokenType == JsonTokenType.StartObject;
        reader.Skip();
        return new ByteRange(start, (int)reader.BytesConsumed - start);
    }

    private static ServerEventKind KindOf(string? type) =>
        type switch
        {
            "error" => ServerEventKind.Refuses,
            "response.created" => ServerEventKind.Begins,
            "response.done" => ServerEventKind.Ends,
            "conversation.item.input_audio_transcription.completed" => ServerEventKind.WrittenDown,
            "session.created" or "session.updated" or "transcription_session.updated" => ServerEventKind.Session,
            _ when type?.StartsWith("response.", StringComparison.Ordinal) == true && type.EndsWith(".delta", StringComparison.Ordinal) =>
                ServerEventKind.Makes,
            _ => ServerEventKind.Other,
        };

    private static bool IsOfSound(string? type) => type is "response.audio.delta" or "response.output_audio.delta";
}
