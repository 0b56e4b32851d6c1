using System.Text.Json;

namespace Gateway.Apis.Embeddings;

/// <summary>Vectors in one piece. An upstream that streams all the same is taken for one that sends chunks.</summary>
internal sealed class EmbeddingAnswer() : ChunkedAnswer("embedding")
{
    protected override void WriteNothing(Utf8JsonWriter choice) { }
}
