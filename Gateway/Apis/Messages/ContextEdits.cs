using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Messages;

/// <summary>
/// Reads <c>context_management</c>. Edits that only clear what stands in the messages make a prompt shorter; any other, such as a summary
/// that the model writes, has no bound.
/// </summary>
internal static class ContextEdits
{
    private const string Reason = "can have the conversation written anew, which is charged beside the answer";

    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, VouchedMembers vouched)
    {
        if (JsonNothing.TrySkip(ref reader))
        {
            return;
        }
        var isKnown = reader.TokenType == JsonTokenType.StartObject;
        while (isKnown && reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isEdits = reader.ValueTextEquals("edits"u8);
            reader.Read();
            if (isEdits && reader.TokenType == JsonTokenType.StartArray)
            {
                isKnown = AreClearing(ref reader);
            }
            else
            {
                isKnown = JsonNothing.TrySkip(ref reader);
            }
        }
        if (!isKnown)
        {
            SkipRest(ref reader);
            if (!vouched.Covers("context_management"))
            {
                content.NameUnknownMember("context_management", Reason);
            }
        }
    }

    // The reader stands at the start of the list, and at its end afterwards, or somewhere within when the answer is no.
    private static bool AreClearing(ref Utf8JsonReader reader)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartObject)
            {
                return false;
            }
            var types = 0;
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                reader.Read();
                if (isType && (reader.TokenType != JsonTokenType.String || !reader.ValueSpan.StartsWith("clear_"u8)))
                {
                    return false;
                }
                types += isType ? 1 : 0;
                reader.Skip();
            }
            if (types != 1)
            {
                return false;
            }
        }
        return true;
    }

    // To the end of the member's value: the object that it began with, one below the body.
    private static void SkipRest(ref Utf8JsonReader reader)
    {
        if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray && reader.CurrentDepth == 1)
        {
            reader.Skip();
            return;
        }
        while (reader.CurrentDepth > 1 && reader.Read()) { }
    }
}
