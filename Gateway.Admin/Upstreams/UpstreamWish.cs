using Gateway.Admin.Conventions;

namespace Gateway.Admin.Upstreams;

/// <summary>What is to be of an upstream.</summary>
internal sealed record UpstreamWish
{
    public Sent<string> Name { get; init; }

    public Sent<string> Kind { get; init; }

    public Sent<string> BaseUrl { get; init; }

    public Sent<string?> ApiKey { get; init; }

    public Sent<string?> FolderId { get; init; }

    public Sent<string?> Provider { get; init; }

    public Sent<long> Weight { get; init; }

    public Sent<long> Priority { get; init; }

    public Sent<bool> IsEnabled { get; init; }

    public Sent<bool> SyncModels { get; init; }

    /// <summary>By name; as they are stored.</summary>
    public Sent<List<string>> Headers { get; init; }

    /// <summary>The name there, by the name of the model here.</summary>
    public Sent<Dictionary<string, string>> Models { get; init; }
}
