using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Responses;

/// <summary>How many tokens a call of <see cref="ResponsesApi"/> would read: free, but it counts as a request.</summary>
internal sealed class InputTokensApi()
    : CallApi("responses_input_tokens", "/responses/input_tokens", "acount_tokens", "count_tokens"),
        IBodyForm
{
    private static readonly ResponsesApi Form = new();

    public override string Summary => "Count the tokens of a response's input";

    public override string Example => """{"model":"gpt-4o-mini","input":"Hello"}""";

    public override AnswerForm Answers => Form.Answers;

    public override bool IsFree => true;

    public override IEnumerable<(string Name, string Path)> Routes =>
        [(Name, "/v1" + Path), (Name + "_unprefixed", Path), (Name + "_azure", "/openai/v1" + Path)];

    public MemberTable<BodyMember> Members => Form.Members;

    public string MaximumName => Form.MaximumName;

    public bool HasAnswerTokens => false;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched) =>
        Form.Read(ref reader, ref content, member, name, vouched);
}
