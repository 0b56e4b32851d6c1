using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>A model to be made at LiteLLM.</summary>
[Example("""{"model_name":"gpt-4o","litellm_params":{"model":"openai/gpt-4o","api_key":"os.environ/OPENAI_API_KEY"}}""")]
internal sealed record NewLiteLlmModel : IValidatableObject
{
    [StringLength(255, MinimumLength = 1)]
    [Description("The name that calls ask for.")]
    public required string ModelName { get; init; }

    [Description("What LiteLLM calls it with: at least model, such as openai/gpt-4o.")]
    public JsonObject? LitellmParams { get; init; }

    public JsonObject? ModelInfo { get; init; }

    public IEnumerable<ValidationResult> Validate(ValidationContext context) =>
        LitellmParams?["model"] is JsonValue ? [] : [new MemberFault("litellm_params", "required", "is required: an object with model")];
}
