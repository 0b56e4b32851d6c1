namespace Gateway.Admin.ApiKeys;

/// <summary>A key at its birth: the only answer that shows it.</summary>
internal sealed record CreatedApiKeyResponse : ApiKeyResponse
{
    public CreatedApiKeyResponse(ApiKeyResponse key, string apiKey)
        : base(key) => ApiKey = apiKey;

    public string ApiKey { get; }
}
