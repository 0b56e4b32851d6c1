using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Responses;

/// <summary>OpenAI's responses, as its newest SDKs and Codex call them.</summary>
internal sealed class ResponsesApi() : CallApi("responses", "/responses", "aresponses", "chat"), IBodyForm
{
    private const string Background = "background";
    private const string Previous = "previous_response_id";
    private const string Conversation = "conversation";

    public override string Summary => "Make a response, as OpenAI's newer API has it";

    public override string Example => """{"model":"gpt-4o-mini","input":"Hello","max_output_tokens":64}""";

    public override AnswerForm Answers { get; } = new ResponsesAnswer();

    public override IEnumerable<(string Name, string Path)> Routes =>
        [(Name, "/v1" + Path), (Name + "_unprefixed", Path), (Name + "_azure", "/openai/v1" + Path)];

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            ("model", BodyMember.Model),
            ("input", BodyMember.Content),
            ("instructions", BodyMember.Harmless),
            ("tools", BodyMember.Tools),
            ("max_output_tokens", BodyMember.MaxTokens),
            ("max_tokens", BodyMember.OtherMaximum),
            ("max_completion_tokens", BodyMember.OtherMaximum),
            ("max_tool_calls", BodyMember.MaxToolCalls),
            ("metadata", BodyMember.Metadata),
            ("litellm_metadata", BodyMember.Metadata),
            ("client_metadata", BodyMember.Harmless),
            ("service_tier", BodyMember.ServiceTier),
            ("stream", BodyMember.Stream),
            ("stream_options", BodyMember.Harmless),
            ("text", BodyMember.ResponseFormat),
            ("include", BodyMember.Harmless),
            ("truncation", BodyMember.Harmless),
            ("prompt", BodyMember.StoredContent),
            (Background, BodyMember.Own),
            (Previous, BodyMember.Own),
            (Conversation, BodyMember.Own),
        ]);

    public string MaximumName => "max_output_tokens";

    public bool LimitsRounds => true;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        if (member == BodyMember.Tools)
        {
            ResponseToolReader.Read(ref reader, ref content, vouched);
            return null;
        }
        reader.Read();
        if (member == BodyMember.Content)
        {
            ItemReader.Read(ref reader, ref content, name);
            return null;
        }
        if (JsonNothing.TrySkip(ref reader))
        {
            return null;
        }
        if (name == Background)
        {
            content.IsBackground = reader.TokenType == JsonTokenType.True;
            return content.IsBackground ? null : Refusals.InvalidMember(name, "true or false");
        }
        return name == Previous ? ReadPrevious(ref reader, ref content) : ReadConversation(ref reader, ref content);
    }

    public Refusal? Finish(ref ContentSummary content, long choices, bool stream) =>
        content.IsBackground && stream ? Refusals.BackgroundStream() : null;

    private static Refusal? ReadPrevious(ref Utf8JsonReader reader, ref ContentSummary content)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            return Refusals.InvalidMember(Previous, "the id of a response");
        }
        if (content.PreviousResponse is not null)
        {
            return Refusals.DuplicateMember(Previous);
        }
        content.PreviousResponse = reader.GetString();
        content.StoredContents++;
        content.NameUnbounded(Previous);
        return null;
    }

    // Its id, or an object with nothing but its id.
    private static Refusal? ReadConversation(ref Utf8JsonReader reader, ref ContentSummary content)
    {
        if (content.Conversation is not null)
        {
            return Refusals.DuplicateMember(Conversation);
        }
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        if (isObject)
        {
            reader.Read();
            if (reader.TokenType != JsonTokenType.PropertyName || !reader.ValueTextEquals("id"u8))
            {
                return Refusals.InvalidMember(Conversation, "the id of a conversation");
            }
            reader.Read();
        }
        if (reader.TokenType != JsonTokenType.String)
        {
            return Refusals.InvalidMember(Conversation, "the id of a conversation");
        }
        content.Conversation = reader.GetString();
        content.StoredContents++;
        content.NameUnbounded(Conversation);
        return isObject && (!reader.Read() || reader.TokenType != JsonTokenType.EndObject)
            ? Refusals.InvalidMember(Conversation, "the id of a conversation")
            : null;
    }
}
