using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Completions;

/// <summary>OpenAI's completions of a text.</summary>
internal sealed class CompletionsApi() : CallApi("completions", "/completions", "atext_completion", "text_completion"), IBodyForm
{
    public override string Summary => "Complete a text";

    public override string Example => """{"model":"gpt-4o-mini","prompt":"Once upon a time","max_tokens":64}""";

    public override AnswerForm Answers { get; } = new CompletionAnswer();

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            .. BodyMembers.Common,
            .. BodyMembers.Streaming,
            ("prompt", BodyMember.Content),
            ("suffix", BodyMember.Harmless),
            ("response_format", BodyMember.ResponseFormat),
        ]);

    public string MaximumName => "max_tokens";

    public bool HidesUsageOfStreams => true;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        PromptReader.Read(ref reader, ref content, name);
        return null;
    }
}
