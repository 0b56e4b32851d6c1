using System.Text;
using System.Text.Json.Nodes;

namespace Gateway.Sandbox.Providers;

/// <summary>What a call asks for, and what it uses: a token for each four bytes of the prompt and for each word of the answer.</summary>
internal sealed class ProviderRequest(JsonObject body, string path)
{
    private const int BytesPerToken = 4;

    private static readonly string[] Words = ["This ", "is ", "an ", "answer ", "of ", "eight ", "whole ", "words."];

    /// <summary>The API, from its version on: <c>/chat/completions</c>.</summary>
    public string Path { get; } = path;

    /// <summary>All members.</summary>
    public JsonObject Body { get; } = body;

    /// <summary>The bytes of all files of a form.</summary>
    public long FileBytes { get; init; }

    /// <summary>The model.</summary>
    public string Model => Body["model"]?.GetValue<string>() ?? "";

    /// <summary>Whether a stream is asked for.</summary>
    public bool Stream => Body["stream"]?.GetValue<bool>() == true;

    /// <summary>Whether a stream is to end with its usage.</summary>
    public bool IncludeUsage => Body["stream_options"]?["include_usage"]?.GetValue<bool>() == true;

    /// <summary>The maximum of answer tokens, by any of its names.</summary>
    public int? Maximum => (Body["max_completion_tokens"] ?? Body["max_tokens"] ?? Body["max_output_tokens"])?.GetValue<int>();

    /// <summary>The prompt's tokens.</summary>
    public int PromptTokens =>
        Math.Max(
            1,
            Encoding.UTF8.GetByteCount((Body["messages"] ?? Body["input"] ?? Body["prompt"])?.ToJsonString() ?? "") / BytesPerToken
        );

    /// <summary>The answer's words, as many as the maximum allows.</summary>
    public IReadOnlyList<string> Answer => Words[..Math.Min(Words.Length, Maximum ?? Words.Length)];

    /// <summary>The answer's tokens.</summary>
    public int CompletionTokens => Answer.Count;

    /// <summary>Whether the maximum cut the answer.</summary>
    public bool IsCut => Answer.Count < Words.Length;
}
