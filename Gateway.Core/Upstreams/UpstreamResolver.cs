using Gateway.Core.Settings;
using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Upstreams;

/// <summary>Makes upstreams of what is stored and of the environment, which wins; says of each that is not in force why.</summary>
public sealed class UpstreamResolver(EnvironmentUpstreams environment, SecretBox secrets)
{
    /// <summary>What is bound into the cipher text of an upstream's key.</summary>
    public static string SecretName(string upstreamId) => "upstream:" + upstreamId;

    /// <summary>All that are in force, by priority and name.</summary>
    public IReadOnlyList<PolicyUpstream> InForce(IReadOnlyList<UpstreamRow> rows)
    {
        var stored = rows.Select(r => r.Name).ToHashSet(StringComparer.Ordinal);
        return
        [
            .. rows.Select(r => Resolve(r).Upstream)
                .Concat(environment.All.Where(e => !stored.Contains(e.Name)).Select(Resolve))
                .OfType<PolicyUpstream>()
                .OrderBy(u => u.Priority)
                .ThenBy(u => u.Name, StringComparer.Ordinal),
        ];
    }

    /// <summary>One that is stored.</summary>
    /// <returns>The upstream; or why it is not in force, as the end of a sentence that begins with its name.</returns>
    public (PolicyUpstream? Upstream, string? Problem) Resolve(UpstreamRow row)
    {
        if (!row.IsEnabled)
        {
            return (null, "is disabled");
        }
        var given = environment.Find(row.Name);
        if ((given?.KindOf(row.Kind) ?? UpstreamKind.Find(row.Kind)) is not { } kind)
        {
            return (null, $"is of a kind that this release does not know: {row.Kind}");
        }
        if (given is null && row.IsFromEnvironment)
        {
            return (null, $"was made by {EnvironmentUpstreams.VariableOf(row.Name) ?? "a variable"}, which is not set any more");
        }
        var key = given?.ApiKey;
        if (given is null && row.SealedKey is not null && (key = secrets.Open(SecretName(row.Id), row.SealedKey)) is null)
        {
            return (null, "has a key that cannot be read: ENCRYPTION_KEY is not the one that it was stored with. Send api_key again");
        }
        if (key is null && kind.NeedsKey)
        {
            return (null, "has no api_key");
        }
        var upstream = new PolicyUpstream(row.Name, kind, given?.Addresses ?? AddressesOf(row.BaseUrl), key)
        {
            Id = row.Id,
            Folder = given?.Folder ?? row.FolderId,
            Provider = row.Provider ?? kind.Provider,
            Weight = row.Weight,
            Priority = row.Priority,
            Headers = row.Headers.ConvertAll(UpstreamHeader.OfStored),
            SyncsModels = row.SyncsModels,
            FindsKind = given?.FindsKind == true,
        };
        return (upstream, null);
    }

    /// <summary>Addresses as they are stored: separated by commas.</summary>
    public static IEnumerable<Uri> AddressesOf(string text) =>
        text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(a => new Uri(a));

    private static PolicyUpstream Resolve(EnvironmentUpstream given) =>
        new(given.Name, given.Kind, given.Addresses, given.ApiKey)
        {
            Folder = given.Folder,
            Provider = given.Kind.Provider,
            Priority = given.Priority,
            FindsKind = given.FindsKind,
        };
}
