namespace Gateway.Admin.LiteLlm;

/// <summary>What a deployment is called with.</summary>
internal sealed record LiteLlmParametersShape(string? Model, string? CustomLlmProvider, string ApiKey);
