using System.Text.Json;
using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Catalogue;

/// <summary>
/// Model, as it is shown. <c>providers</c> and <c>supported_openai_params</c> are JSON inside a text, because a client parses them once
/// more.
/// </summary>
[Alias("model", "models")]
internal sealed record ModelResponse(
    string Id,
    string CompanyId,
    string Name,
    string? Description,
    string? Features,
    string? ExternalId,
    List<string> Aliases,
    string Providers,
    long? MaxInputTokens,
    long? MaxOutputTokens,
    string Mode,
    bool SupportsParallelFunctionCalling,
    bool SupportsVision,
    bool SupportsWebSearch,
    bool SupportsReasoning,
    bool SupportsFunctionCalling,
    string SupportedOpenaiParams,
    long? PromptOverheadTokens,
    long? ToolsOverheadTokens,
    bool ReasoningOutsideMax,
    DateTime? LastSyncedAt,
    DateTime CreatedAt,
    DateTime UpdatedAt,
    CompanyResponse Company,
    ModelConfigResponse ModelConfig
)
{
    public static ModelResponse From(ModelView view, IEnumerable<ModelRate> rates, int modelsOfCompany)
    {
        var model = view.Model;
        return new ModelResponse(
            model.Id,
            model.CompanyId,
            model.Name,
            model.Description,
            model.Features,
            model.ExternalId,
            model.Aliases,
            JsonSerializer.Serialize(model.Providers),
            model.MaxInputTokens,
            model.MaxOutputTokens,
            model.Mode,
            model.SupportsParallelFunctionCalling,
            model.SupportsVision,
            model.SupportsWebSearch,
            model.SupportsReasoning,
            model.SupportsFunctionCalling,
            JsonSerializer.Serialize(model.SupportedOpenAiParams),
            model.PromptOverheadTokens,
            model.ToolsOverheadTokens,
            model.ReasoningOutsideMax,
            model.LastSyncedAt,
            model.CreatedAt,
            model.UpdatedAt,
            CompanyResponse.From(view.Company, modelsOfCompany),
            ModelConfigResponse.From(view.Config ?? DefaultConfig(model), rates)
        );
    }

    private static ModelConfig DefaultConfig(CatalogModel model) =>
        new()
        {
            Id = "",
            ModelId = model.Id,
            IsFree = false,
            IsEnabled = true,
            PriceSource = PriceSources.LiteLlm,
            CreatedAt = model.CreatedAt,
            UpdatedAt = model.CreatedAt,
        };
}
