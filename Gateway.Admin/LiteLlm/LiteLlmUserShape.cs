namespace Gateway.Admin.LiteLlm;

/// <summary><c>GET /admin/litellm/users/info</c>.</summary>
internal sealed record LiteLlmUserShape(string? UserId, object? UserInfo, List<LiteLlmKeyShape> Keys, List<object> Teams);
