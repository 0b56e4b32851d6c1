using System.Text.Json;
using Gateway.Apis.Chat;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Moderations;

/// <summary>OpenAI's moderations: texts and images in, verdicts out.</summary>
internal sealed class ModerationsApi() : CallApi("moderations", "/moderations", "amoderation", "moderation"), IBodyForm
{
    public override string Summary => "Judge texts and images";

    public override string Example => """{"model":"omni-moderation-latest","input":"Hello"}""";

    public override AnswerForm Answers { get; } = new ModerationAnswer();

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            ("model", BodyMember.Model),
            ("input", BodyMember.Content),
            ("metadata", BodyMember.Metadata),
            ("litellm_metadata", BodyMember.Metadata),
            ("stream", BodyMember.Harmless),
        ]);

    public override IEnumerable<(string Name, string Path)> Routes => [(Name, "/v1" + Path), (Name + "_unprefixed", Path)];

    public string MaximumName => "max_tokens";

    public bool HasAnswerTokens => false;

    /// <summary>OpenAI's own, which its SDKs leave to the server.</summary>
    public string DefaultModel => "omni-moderation-latest";

    // A text, a list of texts, or a list of parts such as a message has.
    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            ReadOne(ref reader, ref content, name);
            return null;
        }
        var inputs = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            inputs++;
            ReadOne(ref reader, ref content, name);
        }
        content.Prompts = Math.Max(1, inputs);
        return null;
    }

    private static void ReadOne(ref Utf8JsonReader reader, ref ContentSummary content, string name)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String or JsonTokenType.Null:
                break;
            case JsonTokenType.StartObject:
                ContentPart.Read(ref reader).AddTo(ref content);
                break;
            default:
                content.AddUnknownPart(name);
                reader.Skip();
                break;
        }
    }
}
