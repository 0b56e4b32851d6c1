using System.Net;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;

namespace Gateway.Calls;

/// <summary>Who makes a call: a user, through one of its keys or an access token. Immutable.</summary>
/// <param name="User">The user.</param>
/// <param name="Key">The key, or null for an access token.</param>
internal sealed record Caller(CallingUser User, CallingKey? Key)
{
    /// <summary>The team that the call counts for: the key's own, else the user's.</summary>
    public string? TeamId => Key?.TeamId ?? User.TeamId;

    /// <summary>Whether this caller may use a model: its tier includes it, and its key names it by any of its names.</summary>
    public bool MayUse(PolicyModel model, PolicySnapshot policy)
    {
        if (!policy.Allows(User.TierId, model.Id))
        {
            return false;
        }
        if (Key is null || Key.Models.Count == 0)
        {
            return true;
        }
        foreach (var name in Key.Models)
        {
            if (ReferenceEquals(policy.FindModel(name), model))
            {
                return true;
            }
        }
        return false;
    }
}

/// <summary>What calls need of a user. Read once and kept until a change-log entry names the user.</summary>
internal sealed record CallingUser(string Id, string TierId, string? TeamId, bool IsActive, bool IsApproved, DateTime? ExpiresAt)
{
    /// <summary><c>prepaid</c>, <c>postpaid</c>, or null for the tier's.</summary>
    public string? BillingMode { get; init; }

    private Capped? _capped;

    /// <summary>The user's own limits.</summary>
    public ScopeQuotas Quotas { get; init; } = ScopeQuotas.None;

    /// <summary>Whether the default budget holds for the user, as far as there is one.</summary>
    public bool HasDefaultBudget { get; init; }

    /// <summary>The user's own limits and the default budget with such a cap. Made once for each cap: nearly all calls ask for the same.</summary>
    public ScopeQuotas QuotasWithDefault(Money cap)
    {
        var known = Volatile.Read(ref _capped);
        if (known is null || known.Cap != cap)
        {
            known = new Capped(cap, Quotas with { Budgets = [.. Quotas.Budgets, DefaultBudget.Of(Id, cap)] });
            Volatile.Write(ref _capped, known);
        }
        return known.Quotas;
    }

    private sealed record Capped(Money Cap, ScopeQuotas Quotas);
}

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
internal sealed record CallingKey(string Id, string PublicId, byte[] SecretHash, string Name, string UserId, string? TeamId, bool IsRevoked, DateTime? ExpiresAt, IReadOnlyList<string> Models)
{
    /// <summary>After a rotation with overlap: SHA-256 of the secret before; null when there is none.</summary>
    public byte[]? PreviousSecretHash { get; init; }

    /// <summary>When the secret before the rotation dies.</summary>
    public DateTime? PreviousSecretEndsAt { get; init; }

    /// <summary>Networks that calls with it may come from; null: all. An entry that is no network allows nobody.</summary>
    public IReadOnlyList<IPNetwork>? AllowedNetworks { get; init; }

    /// <summary>Whether a call may come from an address. A key that is bound to networks does not work for an address that is not known.</summary>
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
