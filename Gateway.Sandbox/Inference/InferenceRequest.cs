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

    public bool HasTools { get; set; }

    public string? ToolName { get; set; }

    public bool ToolRequired { get; set; }

    public bool Base64 { get; set; }

    public int? Dimensions { get; set; }

    /// <summary>A number per embedding input, from its bytes: the same text gives the same vector.</summary>
    public List<uint> InputSeeds { get; } = [];

    public int? Maximum => MaxCompletionTokens ?? MaxTokens;

    public int Choices => Math.Clamp(N, 1, 128) * Inputs;
}
