using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Batches;

/// <summary>
/// OpenAI's batches: a file of calls that the provider answers within a day, at half the price of most. The call names the file; what all
/// of its calls can cost was told when it was uploaded.
/// </summary>
internal sealed class BatchesApi() : CallApi("batches", "/batches", "acreate_batch", "batch"), IBodyForm
{
    private const string File = "input_file_id";
    private const string Endpoint = "endpoint";

    public override string Summary => "Answer the calls of a file within a day";

    public override string Example => """{"input_file_id":"file-abc123","endpoint":"/v1/chat/completions","completion_window":"24h"}""";

    public override AnswerForm Answers { get; } = new Chat.ChatAnswer();

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            (File, BodyMember.Own),
            (Endpoint, BodyMember.Own),
            ("completion_window", BodyMember.Harmless),
            ("output_expires_after", BodyMember.Harmless),
            ("metadata", BodyMember.Metadata),
        ]);

    public string MaximumName => "max_tokens";

    public bool HasAnswerTokens => false;

    /// <summary>The file names it.</summary>
    public string? DefaultModel => "(of the file)";

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        reader.Read();
        if (reader.TokenType != JsonTokenType.String)
        {
            return Refusals.InvalidMember(name, name == File ? "the id of a file" : "the path of the file's calls");
        }
        if ((name == File ? content.BatchFile : content.BatchEndpoint) is not null)
        {
            return Refusals.DuplicateMember(name);
        }
        if (name == File)
        {
            content.BatchFile = reader.GetString();
        }
        else
        {
            content.BatchEndpoint = reader.GetString();
        }
        return null;
    }

    public Refusal? Finish(ref ContentSummary content, long choices, bool stream) =>
        content.BatchFile is null ? Refusals.InvalidMember(File, "the id of a file")
        : content.BatchEndpoint is null ? Refusals.InvalidMember(Endpoint, "the path of the file's calls")
        : null;
}
