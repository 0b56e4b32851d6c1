namespace Gateway.Admin.LiteLlm;

/// <summary>A key of LiteLLM at its birth.</summary>
internal sealed record LiteLlmNewKeyShape(
    string Key,
    string? KeyName,
    string KeyAlias,
    string? UserId,
    string? TeamId,
    string? Expires,
    string? Token
);
