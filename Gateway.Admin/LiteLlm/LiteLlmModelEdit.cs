using System.ComponentModel;
using System.ComponentModel.DataAnnotations;
using System.Text.Json.Nodes;
using Gateway.Admin.Catalogue;
using Gateway.Admin.Requests;

namespace Gateway.Admin.LiteLlm;

/// <summary>What the admin page changes of a model: here, and at LiteLLM.</summary>
[Example("""{"model_id":"{model_id}","description":"Fast and cheap"}""")]
internal sealed record LiteLlmModelEdit : ModelUpdate
{
    [StringLength(255, MinimumLength = 1)]
    [Description("The id of the model here, or its name at LiteLLM.")]
    public required string ModelId { get; init; }

    public JsonObject? LitellmParams { get; init; }

    public JsonObject? ModelInfo { get; init; }
}
