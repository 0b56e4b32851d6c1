using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Embeddings;

/// <summary>OpenAI's embeddings: never streamed, whatever is asked for, and answered with vectors.</summary>
internal sealed class EmbeddingsApi() : CallApi("embeddings", "/embeddings", "aembedding", "embeddings"), IBodyForm
{
    public override string Summary => "Embed texts";

    public override string Example => """{"model":"text-embedding-3-small","input":"Hello"}""";

    public override AnswerForm Answers { get; } = new EmbeddingAnswer();

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            .. BodyMembers.Common,
            ("input", BodyMember.Content),
            ("stream", BodyMember.Harmless),
            ("stream_options", BodyMember.Harmless),
        ]);

    public string MaximumName => "max_tokens";

    public bool HasAnswerTokens => false;

    public bool InputsMayBeMedia => true;

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        PromptReader.Read(ref reader, ref content, name);
        return null;
    }
}
