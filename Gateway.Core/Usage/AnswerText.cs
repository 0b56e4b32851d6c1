using System.Text;
using System.Text.Json;
using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>Small values out of captured JSON, at the end of an answer. Never throws; broken text becomes U+FFFD.</summary>
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
            var reader = new Utf8JsonReader(UpstreamJson.Mend(json), new() { MaxDepth = JsonMemberScanner.MaxDepth });
            return reader.Read() ? ReadString(ref reader) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public static ServiceTier? ReadServiceTier(ReadOnlySpan<byte> json) =>
        json.Length >= 2 && json[0] == (byte)'"' ? ServiceTiers.Parse(json[1..^1]) : null;

    /// <summary>
    /// Whether an <c>error</c> member tells of an error: an empty text, null, false, zero, and objects and lists of nothing else stand
    /// beside whole answers.
    /// </summary>
    public static bool SaysSomething(ReadOnlySpan<byte> json)
    {
        try
        {
            var reader = new Utf8JsonReader(UpstreamJson.Mend(json), new() { MaxDepth = JsonMemberScanner.MaxDepth });
            while (reader.Read())
            {
                var says = reader.TokenType switch
                {
                    JsonTokenType.True => true,
                    JsonTokenType.Number => !IsNothing(reader.ValueSpan),
                    JsonTokenType.String => !IsNothing(reader.ValueSpan),
                    _ => false,
                };
                if (says)
                {
                    return true;
                }
            }
            return false;
        }
        catch (JsonException)
        {
            return true; // nobody knows what it says
        }
    }

    /// <summary>An <c>error</c> member, be it the usual object or just a text.</summary>
    public static AnswerError ReadError(ReadOnlySpan<byte> json)
    {
        var told = ErrorEnvelope.Read(json);
        return new(Cut(told?.Message), Cut(told?.Type), Cut(told?.Code));
    }

    // "None" is how Python writes null.
    private static bool IsNothing(ReadOnlySpan<byte> value)
    {
        value = value.Trim(" \t"u8);
        return value.IsEmpty || value.SequenceEqual("None"u8) || value.SequenceEqual("null"u8) || value.IndexOfAnyExcept("0.-+"u8) < 0;
    }

    private static string? ReadString(ref Utf8JsonReader reader) =>
        Cut(
            reader.TokenType switch
            {
                JsonTokenType.String => reader.GetString(),
                JsonTokenType.Number => Encoding.UTF8.GetString(reader.ValueSpan),
                _ => null,
            }
        );

    private static string? Cut(string? text) => text is null ? null : UpstreamJson.Cut(text, MaxCharacters);
}
