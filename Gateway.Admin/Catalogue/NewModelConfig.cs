using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Catalogue;

/// <summary>A config for a model that has none.</summary>
[Example("""{"model_id":"{model_id}","is_enabled":true,"input_token_cost":0.0000025,"output_token_cost":0.00001}""")]
internal sealed record NewModelConfig : ModelConfigUpdate
{
    [StringLength(36, MinimumLength = 1)]
    public required string ModelId { get; init; }
}
