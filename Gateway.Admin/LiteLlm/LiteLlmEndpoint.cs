using Gateway.Core.Upstreams;

namespace Gateway.Admin;

/// <summary>Where the management calls to LiteLLM go; set once at start: the first upstream, or the sandbox.</summary>
public sealed class LiteLlmEndpoint
{
    /// <summary>The address, with or without a path; null: there is no upstream, and what needs one answers 503.</summary>
    public Uri? BaseAddress { get; set; }

    /// <summary>Sent as a bearer token; null: none is sent.</summary>
    public string? ApiKey { get; set; }

    /// <summary>The first address of the environment's LiteLLM, or the sandbox.</summary>
    public static LiteLlmEndpoint Of(EnvironmentUpstreams upstreams) =>
        upstreams.All.FirstOrDefault(u => u.Kind == UpstreamKind.LiteLlm) is { } found
            ? new() { BaseAddress = new Uri(UpstreamKind.LiteLlm.RootOf(found.Addresses[0]), "../"), ApiKey = found.ApiKey }
            : new();
}
