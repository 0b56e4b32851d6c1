using System.Text.Json;
using Gateway.Bodies;
using Gateway.Calls;

namespace Gateway.Apis.Rerank;

/// <summary>
/// Cohere's rerank, as LiteLLM serves it for every provider: documents in, their order out. Charged by the search unit or by the token.
/// </summary>
internal sealed class RerankApi() : CallApi("rerank", "/rerank", "arerank", "rerank"), IBodyForm
{
    private const int DocumentsPerUnit = 100;

    // A document is cut into chunks of 500 tokens, the query in each of them; of the query at most half a chunk is read.
    private const int TokensPerChunk = 244;
    private const int Quotes = 2;

    public override string Summary => "Rank documents by a question";

    public override string Example => """{"model":"rerank-v3.5","query":"a greeting","documents":["Hello","Goodbye"]}""";

    public override AnswerForm Answers { get; } = new RerankAnswer();

    public override IEnumerable<(string Name, string Path)> Routes =>
        [(Name, "/v1" + Path), (Name + "_unprefixed", Path), (Name + "_v2", "/v2" + Path)];

    public MemberTable<BodyMember> Members { get; } =
        BodyMembers.Table([
            ("model", BodyMember.Model),
            ("query", BodyMember.Own),
            ("documents", BodyMember.Content),
            ("metadata", BodyMember.Metadata),
            ("litellm_metadata", BodyMember.Metadata),
            ("top_n", BodyMember.Harmless), // fewer ranks, at the same price
            ("rank_fields", BodyMember.Harmless),
            ("return_documents", BodyMember.Harmless),
            ("max_chunks_per_doc", BodyMember.Harmless), // the bound is that of all chunks
            ("max_tokens_per_doc", BodyMember.Harmless),
            ("stream", BodyMember.Harmless),
        ]);

    public string MaximumName => "max_tokens";

    public bool HasAnswerTokens => false;

    /// <summary>Search units of so many documents, or chunks of them.</summary>
    public static long UnitsOf(long documents) => Math.Max(1, (documents + DocumentsPerUnit - 1) / DocumentsPerUnit);

    public Refusal? Read(ref Utf8JsonReader reader, ref ContentSummary content, BodyMember member, string name, VouchedMembers vouched)
    {
        reader.Read();
        var start = reader.TokenStartIndex;
        if (member == BodyMember.Own)
        {
            reader.Skip();
            content.QueryBytes += reader.BytesConsumed - start;
            return null;
        }
        var (documents, chunks) = reader.TokenType == JsonTokenType.StartArray ? CountOf(ref reader) : (0, 1);
        reader.Skip();
        if (content.Items.SearchUnits > 0)
        {
            return Refusals.DuplicateMember(name);
        }
        content.Prompts = Math.Max(1, documents);
        content.Items = content.Items with { SearchUnits = UnitsOf(chunks) };
        return null;
    }

    // The query is read again with each document.
    public Refusal? Finish(ref ContentSummary content, long choices, bool stream)
    {
        content.GrowthBytes += content.QueryBytes * content.Prompts;
        return content.Items.SearchUnits == 0 ? Refusals.InvalidMember("documents", "a list of documents") : null;
    }

    private static (int Documents, long Chunks) CountOf(ref Utf8JsonReader reader)
    {
        var (documents, chunks) = (0, 0L);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            documents++;
            var start = reader.TokenStartIndex;
            reader.Skip();
            chunks += Math.Max(1, (reader.BytesConsumed - start - Quotes + TokensPerChunk - 1) / TokensPerChunk);
        }
        return (documents, chunks);
    }
}
