using System.Net;
using Gateway.Admin.Access;
using Gateway.Admin.Conventions;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.ApiKeys;

/// <summary>
/// Keeps what an admin limited of somebody's key: the owner may tighten it, never loosen or remove it. What admins set on keys of their own
/// is theirs as owners. The cap on money is <see cref="KeyBudget"/>'s.
/// </summary>
internal static class AdminKeyLimits
{
    private const string Code = "set_by_admin";

    /// <summary>Whether what a caller sets on a key is an admin's limit on somebody else.</summary>
    public static bool AreSetBy(SignedInCaller caller, string ownerId) => caller.IsAdmin && caller.UserId != ownerId;

    /// <summary>Takes over what a caller sets: an admin's word replaces the limits, an owner must stay within them.</summary>
    /// <returns>Why the owner may not; null when it is done.</returns>
    public static ApiError? Apply(ApiKey key, KeyLimits wish, Optional<bool> isActive, SignedInCaller caller)
    {
        if (caller.IsAdmin)
        {
            key.AdminLimits = Orderly(Replaced(key.AdminLimits ?? ApiKeyLimits.None, wish, isActive, AreSetBy(caller, key.UserId)));
        }
        else if (key.AdminLimits is { } limits && Loosened(limits, wish, isActive) is { Count: > 0 } faults)
        {
            return ApiError.SetByAdmin(faults);
        }
        key.IsActive = isActive.Or(key.IsActive);
        key.Models = wish.Models.Or(key.Models) ?? [];
        key.AllowedIps = wish.AllowedIps.Or(key.AllowedIps) ?? [];
        key.ExpiresAt = wish.ExpiresAt.Or(key.ExpiresAt);
        return null;
    }

    /// <summary>Null in the place of limits that limit nothing.</summary>
    public static ApiKeyLimits? Orderly(ApiKeyLimits limits) => limits.IsEmpty ? null : limits;

    /// <summary>The fault of an owner who takes an admin's limit off.</summary>
    public static InvalidMember Fault(string member, string rule) => new(member, Code, $"an admin set this limit; {rule}");

    private static ApiKeyLimits Replaced(ApiKeyLimits limits, KeyLimits wish, Optional<bool> isActive, bool bind) =>
        limits with
        {
            IsInactive = isActive.IsSent ? bind && !isActive.Value : limits.IsInactive,
            Models = wish.Models.IsSent ? Bound(wish.Models.Value, bind) : limits.Models,
            AllowedIps = wish.AllowedIps.IsSent ? Bound(wish.AllowedIps.Value, bind) : limits.AllowedIps,
            ExpiresAt = wish.ExpiresAt.IsSent ? (bind ? wish.ExpiresAt.Value : null) : limits.ExpiresAt,
        };

    private static List<string>? Bound(List<string>? names, bool bind) => bind && names is { Count: > 0 } ? names : null;

    private static List<InvalidMember> Loosened(ApiKeyLimits limits, KeyLimits wish, Optional<bool> isActive)
    {
        List<InvalidMember> faults = [];
        if (limits.IsInactive && isActive is { IsSent: true, Value: true })
        {
            faults.Add(Fault("is_active", "only an admin can activate the key again"));
        }
        if (limits.Models is { } models && wish.Models.IsSent && !IsWithin(wish.Models.Value, models.Contains))
        {
            faults.Add(Fault("models", $"choose from {string.Join(", ", models)}"));
        }
        if (limits.AllowedIps is { } networks && wish.AllowedIps.IsSent && !IsWithin(wish.AllowedIps.Value, n => LiesInOne(n, networks)))
        {
            faults.Add(Fault("allowed_ips", $"choose networks within {string.Join(", ", networks)}"));
        }
        if (limits.ExpiresAt is { } end && wish.ExpiresAt.IsSent && !(wish.ExpiresAt.Value <= end))
        {
            faults.Add(Fault("expires_at", $"choose a time until {end:yyyy-MM-ddTHH:mm:ss.FFFZ}"));
        }
        return faults;
    }

    // An empty list stands for everything, so it is the loosest of all.
    private static bool IsWithin(List<string>? names, Func<string, bool> isAllowed) =>
        names is { Count: > 0 } && names.TrueForAll(n => isAllowed(n));

    private static bool LiesInOne(string text, IReadOnlyList<string> networks) =>
        IPNetwork.TryParse(text, out var inner)
        && networks.Any(n =>
            IPNetwork.TryParse(n, out var outer) && outer.PrefixLength <= inner.PrefixLength && outer.Contains(inner.BaseAddress)
        );
}
