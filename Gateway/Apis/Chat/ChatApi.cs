using System.Text.Json;
using Gateway.Apis.Responses;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Chat;

/// <summary>OpenAI's chat completions, and what the gateway itself asks in their form.</summary>
/// <param name="name">The name of its route; a metric's label.</param>
/// <param name="callType">The word for a call of it in ledger entries.</param>
internal sealed class ChatApi(string name, string callType) : CallApi(name, "/chat/completions", callType, "chat"), IBodyForm
{
    private const string Input = "input";

    public override string Summary => "Chat with a model";

    public override string Example => """{"model":"gpt-4o-mini","messages":[{"role":"user","content":"Hello"}],"max_tokens":64}""";

    public override AnswerForm Answers { get; } = new ChatAnswer();

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            .. BodyMembers.Common,
            .. BodyMembers.Streaming,
            ("messages", BodyMember.Content),
            ("tools", BodyMember.Tools),
            ("functions", BodyMember.Functions),
            ("response_format", BodyMember.ResponseFormat),
            ("modalities", BodyMember.Modalities),
            ("audio", BodyMember.Audio),
            ("prediction", BodyMember.Prediction),
            ("prompt", BodyMember.StoredContent),
            // Cursor sends the body of a response here; LiteLLM translates it.
            (Input, BodyMember.Own),
            ("instructions", BodyMember.Harmless),
            ("text", BodyMember.ResponseFormat),
            ("include", BodyMember.Harmless),
            ("truncation", BodyMember.Harmless),
        ]);

    public string MaximumName => "max_tokens";

    public bool TakesNewerMaximum => true;

    public bool HidesUsageOfStreams => true;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        if (member == BodyMember.Tools)
        {
            ToolReader.Read(ref reader, ref content, vouched);
        }
        else if (name == Input)
        {
            reader.Read();
            ItemReader.Read(ref reader, ref content, name);
        }
        else
        {
            MessageReader.Read(ref reader, ref content, vouched);
        }
        return null;
    }
}
