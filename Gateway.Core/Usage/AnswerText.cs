using System.Text;
using System.Text.Json;
using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>Small values out of captured JSON, at the end of an answer. Never throws.</summary>
internal static class AnswerText
{
    private const int MaxCharacters = 1024;

    /// <summary>The text of a JSON string, cut at 1,024 characters; the raw text of a number; null for anything else.</summary>
    public static string? ReadString(ReadOnlySpan<byte> json)
    {
        if (json.IsEmpty)
        {
            return null;
        }
        try
        {
            var reader = new Utf8JsonReader(json);
            return reader.Read() ? ReadString(ref reader) : null;
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)   // the latter for text that is no UTF-8
        {
            return null;
        }
    }

    public static ServiceTier? ReadServiceTier(ReadOnlySpan<byte> json) =>
        json.Length >= 2 && json[0] == (byte)'"' ? ServiceTiers.Parse(json[1..^1]) : null;

    /// <summary>An <c>error</c> member, be it the usual object or just a text.</summary>
    public static AnswerError ReadError(ReadOnlySpan<byte> json)
    {
        string? message = null, type = null, code = null;
        try
        {
            var reader = new Utf8JsonReader(json, new() { MaxDepth = JsonMemberScanner.MaxDepth });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return new(ReadString(json), null, null);
            }
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("message"u8))
                {
                    reader.Read();
                    message = ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("type"u8))
                {
                    reader.Read();
                    type = ReadString(ref reader);
                }
                else if (reader.ValueTextEquals("code"u8))
                {
                    reader.Read();
                    code = ReadString(ref reader);
                }
                else
                {
                    reader.Read();
                }
                reader.Skip();
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException)
        {
            // What was read so far is all there is.
        }
        return new(message, type, code);
    }

    private static string? ReadString(ref Utf8JsonReader reader)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        return text?.Length > MaxCharacters ? text[..MaxCharacters] : text;
    }
}
