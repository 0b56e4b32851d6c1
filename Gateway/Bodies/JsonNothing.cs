using System.Text.Json;

namespace Gateway.Bodies;

/// <summary>
/// Values that ask for nothing, whatever the member is called: null, false, an empty text, an empty list, an empty object.
/// </summary>
internal static class JsonNothing
{
    /// <summary>Whether the value at the reader is one; then the reader stands at its end.</summary>
    public static bool TrySkip(ref Utf8JsonReader reader)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.Null or JsonTokenType.False:
                return true;
            case JsonTokenType.String:
                return reader.ValueSpan.IsEmpty;
            case JsonTokenType.StartArray or JsonTokenType.StartObject:
                var ahead = reader;
                if (ahead.Read() && ahead.TokenType is JsonTokenType.EndArray or JsonTokenType.EndObject)
                {
                    reader = ahead;
                    return true;
                }
                return false;
            default:
                return false;
        }
    }
}
