using System.Text.Json;
using Gateway.Bodies;

namespace Gateway.Apis.Chat;

/// <summary>
/// Counts what the messages of a chat bring along. Goes through the same tokens that skipping them would; text is never decoded.
/// </summary>
internal static class MessageReader
{
    private static readonly MemberTable<MessageMember> MessageMembers = new([
        ("content", MessageMember.Content),
        ("audio", MessageMember.Audio),
        .. MessageFamilies.Texts.SelectMany(g => g.Names).Select(name => (name, MessageMember.Text)),
    ]);

    // The default value is a member without a rule: whatever an upstream makes of it, its tokens need not stand in the body.
    private enum MessageMember : byte
    {
        Unknown,
        Text,
        Content,
        Audio,
    }

    /// <summary>Reads the value of <c>messages</c>.</summary>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, VouchedMembers vouched)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            SkipUnknown(ref reader, ref content, "messages");
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ReadMessage(ref reader, ref content, vouched);
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                content.NameUnknownMember("messages"); // several conversations in one call: each has answers of its own
                reader.Skip();
            }
            else
            {
                SkipUnknown(ref reader, ref content, "messages");
            }
        }
    }

    private static void ReadMessage(ref Utf8JsonReader reader, ref ContentSummary content, VouchedMembers vouched)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (MessageMembers.Find(reader))
            {
                case MessageMember.Text:
                    reader.Read();
                    reader.Skip();
                    break;
                case MessageMember.Content:
                    ReadContent(ref reader, ref content);
                    break;
                case MessageMember.Audio:
                    ReadAudioReference(ref reader, ref content);
                    break;
                default:
                    var name =
                        content.UnboundedPlace is null || !vouched.IsEmpty ? "messages[]." + ContentSummary.Cut(reader.GetString()!) : "";
                    reader.Read();
                    if (vouched.Covers(name))
                    {
                        reader.Skip();
                        break;
                    }
                    SkipUnknown(ref reader, ref content, name);
                    break;
            }
        }
    }

    private static void ReadContent(ref Utf8JsonReader reader, ref ContentSummary content)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            return;
        }
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            SkipUnknown(ref reader, ref content, "messages[].content");
            return;
        }
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                var (start, unknown) = (reader.TokenStartIndex, content.UnknownParts);
                ContentPart.Read(ref reader).AddTo(ref content);
                content.UnknownPartBytes += content.UnknownParts > unknown ? reader.BytesConsumed - start : 0;
            }
            else if (reader.TokenType != JsonTokenType.String)
            {
                SkipUnknown(ref reader, ref content, "messages[].content[]");
            }
        }
    }

    // What the assistant said before, by id.
    private static void ReadAudioReference(ref Utf8JsonReader reader, ref ContentSummary content)
    {
        reader.Read();
        if (!JsonNothing.TrySkip(ref reader))
        {
            content.AudioReferences++;
            content.NameUnbounded("messages[].audio");
            reader.Skip();
        }
    }

    private static void SkipUnknown(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        if (!JsonNothing.TrySkip(ref reader))
        {
            content.AddUnknownPart(place);
            reader.Skip();
        }
    }
}
