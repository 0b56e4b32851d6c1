using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Chat;

/// <summary>OpenAI's chat completions.</summary>
internal sealed class ChatApi() : CallApi("chat_completions", "/chat/completions", "acompletion", "chat"), IBodyForm
{
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
        ]);

    public string MaximumName => "max_tokens";

    public bool TakesNewerMaximum => true;

    public bool HidesUsageOfStreams => true;

    public void Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        if (member == BodyMember.Tools)
        {
            ToolReader.Read(ref reader, ref content, vouched);
        }
        else
        {
            MessageReader.Read(ref reader, ref content, vouched);
        }
    }
}
