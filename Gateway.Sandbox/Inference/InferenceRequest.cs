using System.Text.Json;

namespace Gateway.Sandbox.Inference;

/// <summary>What the sandbox reads from a call's body. Written by <see cref="InferenceRequestReader"/>, then only read.</summary>
internal sealed class InferenceRequest
{
    public string? Model { get; set; }

    /// <summary>Whether <c>model</c> is there with something that is neither text nor null.</summary>
    public bool ModelIsNoText { get; set; }

    /// <summary>Whether the API's own member (messages, prompt, input) is there and not null.</summary>
    public bool HasInput { get; set; }

    public bool MessagesAreAList { get; set; } = true;

    public bool Stream { get; set; }

    public bool IncludeUsage { get; set; }

    /// <summary><c>max_tokens</c>; null when absent, not a number, or below 1.</summary>
    public int? MaxTokens { get; set; }

    /// <summary><c>max_completion_tokens</c>, which goes before <see cref="MaxTokens"/>.</summary>
    public int? MaxCompletionTokens { get; set; }

    public int N { get; set; } = 1;

    /// <summary>Prompt tokens by the rule of README.md.</summary>
    public int PromptTokens { get; set; }

    /// <summary>Prompts of a completion, inputs of an embedding; 1 for a chat.</summary>
    public int Inputs { get; set; } = 1;

    /// <summary>Whether the answer is to be made in the background.</summary>
    public bool Background { get; set; }

    /// <summary>Bytes of the sound that was sent.</summary>
    public int SoundBytes { get; set; }

    /// <summary>Characters of the text to be spoken.</summary>
    public int Characters { get; set; }

    /// <summary>The size of pictures; null: the usual.</summary>
    public string? ImageSize { get; set; }

    /// <summary>The functions offered, in order.</summary>
    public List<OfferedTool> Tools { get; } = [];

    /// <summary>Whether there is a tool of any kind.</summary>
    public bool HasTools { get; set; }

    /// <summary>The function that <c>tool_choice</c> names.</summary>
    public string? NamedTool { get; set; }

    public bool ToolRequired { get; set; }

    /// <summary>Whether <c>tool_choice</c> is <c>none</c>.</summary>
    public bool ToolsAreOff { get; set; }

    /// <summary>Whether the last message is a tool's result: what follows is an answer, not another call.</summary>
    public bool EndsWithToolResult { get; set; }

    /// <summary>The schema that the answer must be of; null: none.</summary>
    public JsonElement? Schema { get; set; }

    /// <summary>Whether the answer must be a JSON object of any form.</summary>
    public bool AsksForJson { get; set; }

    public bool Base64 { get; set; }

    public int? Dimensions { get; set; }

    /// <summary>A number per embedding input, from its bytes: the same text gives the same vector.</summary>
    public List<uint> InputSeeds { get; } = [];

    /// <summary>The function that is called: the one named, or the first.</summary>
    public OfferedTool? Tool =>
        Tools.Count == 0 ? null
        : Tools.Find(t => t.Name == NamedTool) is { Name: not null } named ? named
        : Tools[0];

    public int? Maximum => MaxCompletionTokens ?? MaxTokens;

    public int Choices => Math.Clamp(N, 1, 128) * Inputs;
}
