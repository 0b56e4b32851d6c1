using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Messages;

/// <summary>How many tokens a call of <see cref="MessagesApi"/> would read: free, but it counts as a request.</summary>
internal sealed class CountTokensApi()
    : CallApi("messages_count_tokens", "/messages/count_tokens", "acount_tokens", "count_tokens"),
        IBodyForm
{
    public override string Summary => "Count the tokens of messages";

    public override string Example => """{"model":"claude-sonnet-4","messages":[{"role":"user","content":"Hello"}]}""";

    public override IErrorForm Errors => AnthropicErrors.Form;

    public override AnswerForm Answers { get; } = new MessagesAnswer();

    public override bool SpeaksAnthropic => true;

    public override bool IsFree => true;

    public override IEnumerable<(string Name, string Path)> Routes => [(Name, "/v1" + Path), (Name + "_unprefixed", Path)];

    public MemberTable<BodyMember> Members { get; } = BodyMembers.Table([.. MessagesBody.Members, ("stream", BodyMember.Harmless)]);

    public string MaximumName => "max_tokens";

    public bool HasAnswerTokens => false;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        MessagesBody.Read(ref reader, ref content, member, name, vouched);
        return null;
    }
}
