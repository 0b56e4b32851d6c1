using System.Text.Json;
using Gateway.Apis.Chat;
using Gateway.Bodies;

namespace Gateway.Apis.Messages;

/// <summary>What the body of a call of Anthropic's messages may hold.</summary>
internal static class MessagesBody
{
    private const string ContextManagement = "context_management";

    private static readonly MemberTable<MessageMember> MessageMembers = new([
        ("content", MessageMember.Content),
        .. MessageFamilies.Texts.SelectMany(g => g.Names).Select(name => (name, MessageMember.Text)),
    ]);

    /// <summary>The members that messages and the counting of their tokens share.</summary>
    public static (string Name, BodyMember Rule)[] Members { get; } =
    [
        ("model", BodyMember.Model),
        ("messages", BodyMember.Content),
        ("system", BodyMember.Own),
        ("tools", BodyMember.Tools),
        ("max_tokens", BodyMember.MaxTokens),
        ("max_completion_tokens", BodyMember.OtherMaximum),
        ("metadata", BodyMember.Metadata),
        ("litellm_metadata", BodyMember.Metadata),
        ("service_tier", BodyMember.ServiceTier),
        ("output_config", BodyMember.ResponseFormat),
        ("output_format", BodyMember.ResponseFormat),
        (ContextManagement, BodyMember.Own),
    ];

    private enum MessageMember : byte
    {
        Unknown,
        Text,
        Content,
    }

    /// <inheritdoc cref="IBodyForm.Read"/>
    public static void Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        if (member == BodyMember.Tools)
        {
            ToolReader.Read(ref reader, ref content, vouched, clientTools: ClientTools.Prefixes);
            return;
        }
        reader.Read();
        if (name == ContextManagement)
        {
            ContextEdits.Read(ref reader, ref content, vouched);
        }
        else if (member == BodyMember.Content)
        {
            ReadMessages(ref reader, ref content, vouched);
        }
        else
        {
            BlockReader.ReadContent(ref reader, ref content, name);
        }
    }

    private static void ReadMessages(ref Utf8JsonReader reader, ref ContentSummary content, VouchedMembers vouched)
    {
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
                    reader.Read();
                    BlockReader.ReadContent(ref reader, ref content, "messages[].content");
                    break;
                default:
                    var name = "messages[]." + ContentSummary.Cut(reader.GetString()!);
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

    private static void SkipUnknown(ref Utf8JsonReader reader, ref ContentSummary content, string place)
    {
        if (!JsonNothing.TrySkip(ref reader))
        {
            content.AddUnknownPart(place);
            reader.Skip();
        }
    }
}
