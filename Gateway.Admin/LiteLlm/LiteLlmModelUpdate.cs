using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>What is to change of a model of LiteLLM.</summary>
[Example("""{"model_id":"m","model_name":"m","model_info":{"mode":"chat"}}""")]
internal sealed record LiteLlmModelUpdate
{
    [StringLength(255, MinimumLength = 1)]
    public required string ModelId { get; init; }

    [StringLength(255, MinimumLength = 1)]
    public Optional<string> ModelName { get; init; }

    public JsonObject? LitellmParams { get; init; }

    public JsonObject? ModelInfo { get; init; }
}
