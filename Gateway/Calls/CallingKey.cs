using System.Net;
using Gateway.Core.Quotas;

namespace Gateway.Calls;

/// <summary>What calls need of a key.</summary>
/// <param name="Id">The row's id.</param>
/// <param name="PublicId">The loggable part.</param>
/// <param name="SecretHash">SHA-256 of the secret, 32 bytes.</param>
/// <param name="Name">What the owner calls it.</param>
/// <param name="UserId">The owner.</param>
/// <param name="TeamId">The key's own team, or null.</param>
/// <param name="IsRevoked">Switched off or deleted.</param>
/// <param name="ExpiresAt">When it ends, or null.</param>
/// <param name="Models">Names of the models that it may use; empty: all.</param>
internal sealed record CallingKey(
    string Id,
    string PublicId,
    byte[] SecretHash,
    string Name,
    string UserId,
    string? TeamId,
    bool IsRevoked,
    DateTime? ExpiresAt,
    IReadOnlyList<string> Models
)
{
    /// <summary>After a rotation with overlap: SHA-256 of the secret before; null when there is none.</summary>
    public byte[]? PreviousSecretHash { get; init; }

    /// <summary>When the secret before the rotation dies.</summary>
    public DateTime? PreviousSecretEndsAt { get; init; }

    /// <summary>Networks that calls with it may come from; null: all. An entry that is no network allows nobody.</summary>
    public IReadOnlyList<IPNetwork>? AllowedNetworks { get; init; }

    /// <summary>
    /// Whether a call may come from an address. A key that is bound to networks does not work for an address that is not known.
    /// </summary>
    public bool MayComeFrom(IPAddress? address)
    {
        if (AllowedNetworks is null)
        {
            return true;
        }
        var plain = address is { IsIPv4MappedToIPv6: true } ? address.MapToIPv4() : address;
        return plain is not null && AllowedNetworks.Any(n => n.Contains(plain));
    }

    /// <summary>The key's own limits.</summary>
    public ScopeQuotas Quotas { get; init; } = ScopeQuotas.None;
}
