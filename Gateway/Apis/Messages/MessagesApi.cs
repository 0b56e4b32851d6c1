using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Messages;

/// <summary>Anthropic's messages, as its SDKs and Claude Code call them.</summary>
internal sealed class MessagesApi() : CallApi("messages", "/messages", "anthropic_messages", "chat"), IBodyForm
{
    public override string Summary => "Send messages, as Anthropic's API has them";

    public override string Example => """{"model":"claude-sonnet-4","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}""";

    public override IErrorForm Errors => AnthropicErrors.Form;

    public override AnswerForm Answers { get; } = new MessagesAnswer();

    public override bool SpeaksAnthropic => true;

    public override IEnumerable<(string Name, string Path)> Routes => [(Name, "/v1" + Path), (Name + "_unprefixed", Path)];

    public MemberTable<BodyMember> Members { get; } = BodyMembers.Table([.. MessagesBody.Members, ("stream", BodyMember.Stream)]);

    public string MaximumName => "max_tokens";

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        MessagesBody.Read(ref reader, ref content, member, name, vouched);
        return null;
    }
}
