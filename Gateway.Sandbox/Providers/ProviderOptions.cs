namespace Gateway.Sandbox.Providers;

/// <summary>What one provider's server is.</summary>
public sealed record ProviderOptions
{
    /// <summary>Whose: <c>openai</c>, <c>anthropic</c>, <c>google</c>, <c>yandex</c>, <c>openai_compatible</c> or
    /// <c>generate_ndjson</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>The port on 127.0.0.1; 0 takes any free one.</summary>
    public int Port { get; init; }

    /// <summary>The key that callers present. Null makes a random one at each start.</summary>
    public string? ApiKey { get; init; }

    /// <summary>The folder of Yandex.</summary>
    public string Folder { get; init; } = "b1gsandbox";

    /// <summary>Models beside those of the kind.</summary>
    public IReadOnlyList<string> ExtraModels { get; init; } = [];
}
