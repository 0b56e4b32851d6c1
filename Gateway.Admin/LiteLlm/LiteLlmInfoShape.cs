namespace Gateway.Admin.LiteLlm;

/// <summary><c>GET /admin/litellm/models/info</c>.</summary>
internal sealed record LiteLlmInfoShape(List<LiteLlmDeploymentShape> Data);
