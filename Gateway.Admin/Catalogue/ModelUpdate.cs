using Gateway.Admin.Conventions;

namespace Gateway.Admin.Catalogue;

/// <summary>What is to be of a model.</summary>
internal sealed record ModelUpdate
{
    public Sent<string> CompanyId { get; init; }

    public Sent<string> Name { get; init; }

    public Sent<string?> Description { get; init; }

    public Sent<string?> Features { get; init; }

    public Sent<string?> ExternalId { get; init; }

    public Sent<List<string>?> Aliases { get; init; }

    public Sent<List<string>?> Providers { get; init; }

    public Sent<List<string>?> OpenAiParams { get; init; }

    public Sent<long?> MaxInputTokens { get; init; }

    public Sent<long?> MaxOutputTokens { get; init; }

    public Sent<string> Mode { get; init; }

    public Sent<bool> SupportsVision { get; init; }

    public Sent<bool> SupportsFunctionCalling { get; init; }

    public Sent<bool> SupportsParallelFunctionCalling { get; init; }

    public Sent<bool> SupportsWebSearch { get; init; }

    public Sent<bool> SupportsReasoning { get; init; }

    public Sent<long?> PromptOverheadTokens { get; init; }

    public Sent<long?> ToolsOverheadTokens { get; init; }

    public Sent<bool> ReasoningOutsideMax { get; init; }

    /// <summary>What is to be of its config; null: nothing.</summary>
    public ModelConfigUpdate? Config { get; init; }

    private const long MostTokens = 1_000_000_000;

    /// <summary>Reads every member that may be set, and <c>model_config</c>.</summary>
    public static ModelUpdate Read(MemberReader members)
    {
        var name = members.Text("name", 1, 255);
        var modelName = members.Text("model_name", 1, 255); // one client's word for it
        var config = members.Child("model_config");
        return new ModelUpdate
        {
            CompanyId = members.Text("company_id", 1, 36),
            Name = name.IsSent ? name : modelName,
            Description = members.NullableText("description", 10_000),
            Features = members.NullableText("features", 2_000),
            ExternalId = members.NullableText("external_id", 255),
            Aliases = members.Names("aliases", 100, 255),
            Providers = members.NamesOrJsonText("providers", 100, 255),
            OpenAiParams = members.NamesOrJsonText("supported_openai_params", 1_000, 255),
            MaxInputTokens = members.NullableWhole("max_input_tokens", 0, MostTokens),
            MaxOutputTokens = members.NullableWhole("max_output_tokens", 0, MostTokens),
            Mode = members.Text("mode", 1, 50),
            SupportsVision = members.Flag("supports_vision"),
            SupportsFunctionCalling = members.Flag("supports_function_calling"),
            SupportsParallelFunctionCalling = members.Flag("supports_parallel_function_calling"),
            SupportsWebSearch = members.Flag("supports_web_search"),
            SupportsReasoning = members.Flag("supports_reasoning"),
            PromptOverheadTokens = members.NullableWhole("prompt_overhead_tokens", 0, MostTokens),
            ToolsOverheadTokens = members.NullableWhole("tools_overhead_tokens", 0, MostTokens),
            ReasoningOutsideMax = members.Flag("reasoning_outside_max"),
            Config = config is null ? null : ModelConfigEndpoints.Read(config),
        };
    }
}
