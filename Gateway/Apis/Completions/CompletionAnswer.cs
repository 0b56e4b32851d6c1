using System.Text.Json;

namespace Gateway.Apis.Completions;

/// <summary>Chunks of a completion.</summary>
internal sealed class CompletionAnswer() : ChunkedAnswer("text_completion")
{
    protected override void WriteNothing(Utf8JsonWriter choice)
    {
        choice.WriteString("text", "");
        choice.WriteNull("logprobs");
    }
}
