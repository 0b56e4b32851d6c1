using System.Net.Http.Headers;

namespace Gateway.Upstream;

/// <summary>The credential that calls carry upstream.</summary>
/// <param name="ApiKey">The upstream's key, or null when it asks for none.</param>
internal sealed record UpstreamCredential(string? ApiKey)
{
    public AuthenticationHeaderValue? Authorization { get; } = ApiKey is null ? null : new AuthenticationHeaderValue("Bearer", ApiKey);

    /// <summary>Nothing: a record would print the key.</summary>
    public override string ToString() => nameof(UpstreamCredential);
}
