namespace Gateway.Admin.LiteLlm;

/// <summary>What is known of a deployment; prices in USD per token.</summary>
internal sealed record LiteLlmModelInfoShape(
    string? Id,
    bool DbModel,
    string? Mode,
    decimal? InputCostPerToken,
    decimal? OutputCostPerToken,
    decimal? MaxTokens
);
