using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>What is to be of a model.</summary>
[Example(
    """{"description":"Fast and cheap","aliases":["fast"],"model_config":{"input_token_cost":0.0000025,"output_token_cost":0.00001}}"""
)]
internal record ModelUpdate
{
    private const long MostTokens = 1_000_000_000;

    [StringLength(36, MinimumLength = 1)]
    public Optional<string> CompanyId { get; init; }

    [StringLength(255, MinimumLength = 1)]
    [Description("The name that calls ask for.")]
    public Optional<string> Name { get; init; }

    [StringLength(255, MinimumLength = 1)]
    [Description("One client's word for name.")]
    public Optional<string> ModelName { get; init; }

    [StringLength(10_000)]
    public Optional<string?> Description { get; init; }

    [StringLength(2_000)]
    public Optional<string?> Features { get; init; }

    [StringLength(255)]
    [Description("The model's name at LiteLLM.")]
    public Optional<string?> ExternalId { get; init; }

    [Names(100, 255)]
    [Description("Other names that calls may ask for.")]
    public Optional<List<string>?> Aliases { get; init; }

    [Names(100, 255, OrJsonText = true)]
    public Optional<List<string>?> Providers { get; init; }

    [Names(1_000, 255, OrJsonText = true)]
    [JsonPropertyName("supported_openai_params")]
    public Optional<List<string>?> OpenAiParams { get; init; }

    [Whole(0, MostTokens)]
    public Optional<long?> MaxInputTokens { get; init; }

    [Whole(0, MostTokens)]
    public Optional<long?> MaxOutputTokens { get; init; }

    [StringLength(50, MinimumLength = 1)]
    public Optional<string> Mode { get; init; }

    public Optional<bool> SupportsVision { get; init; }

    public Optional<bool> SupportsFunctionCalling { get; init; }

    public Optional<bool> SupportsParallelFunctionCalling { get; init; }

    public Optional<bool> SupportsWebSearch { get; init; }

    public Optional<bool> SupportsReasoning { get; init; }

    [Whole(0, MostTokens)]
    [Description("Tokens that the model adds to every prompt.")]
    public Optional<long?> PromptOverheadTokens { get; init; }

    [Whole(0, MostTokens)]
    [Description("Tokens that the model adds to a prompt with tools.")]
    public Optional<long?> ToolsOverheadTokens { get; init; }

    [Description("Whether reasoning tokens come on top of the maximum that a call asks for.")]
    public Optional<bool> ReasoningOutsideMax { get; init; }

    /// <summary>What is to be of its config; null: nothing.</summary>
    [JsonPropertyName("model_config")]
    public ModelConfigUpdate? Config { get; init; }

    /// <summary>The name under either member.</summary>
    [JsonIgnore]
    public Optional<string> AnyName => Name.IsSent ? Name : ModelName;
}
