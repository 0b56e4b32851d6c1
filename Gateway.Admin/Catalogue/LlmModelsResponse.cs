namespace Gateway.Admin.Catalogue;

/// <summary>The chat models that are switched on.</summary>
internal sealed record LlmModelsResponse(IReadOnlyList<LlmModelResponse> Models, string Gateway);
