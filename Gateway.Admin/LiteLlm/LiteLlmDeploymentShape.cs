namespace Gateway.Admin.LiteLlm;

/// <summary>A deployment of LiteLLM, its secrets masked.</summary>
internal sealed record LiteLlmDeploymentShape(string? ModelName, LiteLlmParametersShape LitellmParams, LiteLlmModelInfoShape ModelInfo);
