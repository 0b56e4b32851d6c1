using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis;

/// <summary>
/// Counts the prompts of a completion and the inputs of an embedding: texts, arrays of texts, arrays of tokens, arrays of those.
/// </summary>
internal static class PromptReader
{
    /// <summary>Reads the value of <c>prompt</c> or <c>input</c>.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, string name)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }
        if (reader.TokenType == JsonTokenType.String)
        {
            ReadText(ref reader, ref content, name);
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            AddUnknown(ref reader, ref content, name);
            return;
        }
        var prompts = 0;
        var hasTokens = false;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.Number)
            {
                hasTokens = true;
                continue;
            }
            prompts++;
            if (reader.TokenType == JsonTokenType.StartArray)
            {
                ReadTokens(ref reader, ref content, name);
            }
            else if (reader.TokenType == JsonTokenType.String)
            {
                ReadText(ref reader, ref content, name);
            }
            else
            {
                AddUnknown(ref reader, ref content, name);
            }
        }
        content.Prompts = Math.Max(1, prompts + (hasTokens ? 1 : 0));
    }

    // Models that embed images and videos take their data or their place in a store where others take text.
    private static void ReadText(ref Utf8JsonReader reader, ref ContentSummary content, string name)
    {
        if (MediaText.MayBeMedia(reader))
        {
            AddUnknown(ref reader, ref content, name);
        }
    }

    private static void ReadTokens(ref Utf8JsonReader reader, ref ContentSummary content, string name)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.Number)
            {
                AddUnknown(ref reader, ref content, name);
            }
        }
    }

    private static void AddUnknown(ref Utf8JsonReader reader, ref ContentSummary content, string name)
    {
        content.AddUnknownPart(name);
        reader.Skip();
    }
}
