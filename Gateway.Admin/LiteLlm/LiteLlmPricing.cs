namespace Gateway.Admin.LiteLlm;

/// <summary>Prices, USD per token.</summary>
internal sealed record LiteLlmPricing(decimal InputCostPerToken, decimal OutputCostPerToken);
