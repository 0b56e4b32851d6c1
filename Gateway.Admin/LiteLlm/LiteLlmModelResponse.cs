using System.Text.Json;
using Gateway.Admin.Replies;

namespace Gateway.Admin.LiteLlm;

/// <summary>A model as LiteLLM lists it, with its prices where LiteLLM tells them: USD per token.</summary>
[Alias("model", "models")]
internal sealed record LiteLlmModelResponse(
    string Id,
    string Object,
    string OwnedBy,
    decimal? MaxTokens,
    LiteLlmPricing? Pricing,
    JsonElement Details
)
{
    private static readonly JsonElement Nothing = JsonElement.Parse("{}");

    public static LiteLlmModelResponse From(JsonElement row, JsonElement info)
    {
        var (input, output) = (LiteLlmJson.Number(info, "input_cost_per_token"), LiteLlmJson.Number(info, "output_cost_per_token"));
        return new LiteLlmModelResponse(
            LiteLlmJson.Text(row, "id") ?? "",
            "model",
            LiteLlmJson.Text(row, "owned_by") ?? "",
            LiteLlmJson.Number(info, "max_tokens"),
            input is null && output is null ? null : new LiteLlmPricing(input ?? 0, output ?? 0),
            info.ValueKind == JsonValueKind.Object ? info : Nothing
        );
    }
}
