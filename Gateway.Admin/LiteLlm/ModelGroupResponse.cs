using System.Text.Json;

namespace Gateway.Admin.LiteLlm;

/// <summary>A model group of LiteLLM: numbers are never null, but <c>tpm</c> and <c>rpm</c>.</summary>
internal sealed record ModelGroupResponse(
    string ModelGroup,
    List<string> Providers,
    decimal MaxInputTokens,
    decimal MaxOutputTokens,
    decimal InputCostPerToken,
    decimal OutputCostPerToken,
    string? Mode,
    decimal? Tpm,
    decimal? Rpm,
    bool SupportsParallelFunctionCalling,
    bool SupportsVision,
    bool SupportsWebSearch,
    bool SupportsReasoning,
    bool SupportsFunctionCalling,
    List<string> SupportedOpenaiParams,
    JsonElement? ConfigurableClientsideAuthParams
)
{
    public static ModelGroupResponse From(JsonElement row)
    {
        var auth = LiteLlmJson.Child(row, "configurable_clientside_auth_params");
        return new ModelGroupResponse(
            LiteLlmJson.Text(row, "model_group") ?? "",
            LiteLlmJson.Texts(row, "providers"),
            Number("max_input_tokens"),
            Number("max_output_tokens"),
            Number("input_cost_per_token"),
            Number("output_cost_per_token"),
            LiteLlmJson.Text(row, "mode"),
            LiteLlmJson.Number(row, "tpm"),
            LiteLlmJson.Number(row, "rpm"),
            LiteLlmJson.Flag(row, "supports_parallel_function_calling"),
            LiteLlmJson.Flag(row, "supports_vision"),
            LiteLlmJson.Flag(row, "supports_web_search"),
            LiteLlmJson.Flag(row, "supports_reasoning"),
            LiteLlmJson.Flag(row, "supports_function_calling"),
            LiteLlmJson.Texts(row, "supported_openai_params"),
            auth.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null ? null : auth
        );

        decimal Number(string name) => LiteLlmJson.Number(row, name) ?? 0;
    }
}
