using System.Text.Json;

namespace Gateway.Core.Upstreams;

/// <summary>An upstream at which a model stands.</summary>
public sealed class ModelPlace(PolicyUpstream upstream, string name)
{
    /// <summary>The upstream.</summary>
    public PolicyUpstream Upstream { get; } = upstream;

    /// <summary>The model's name there.</summary>
    public string Name { get; } = name;

    /// <summary>The same as JSON, in UTF-8.</summary>
    public ReadOnlyMemory<byte> NameJson { get; } = JsonSerializer.SerializeToUtf8Bytes(name, JsonSerializerOptions.Default);
}
