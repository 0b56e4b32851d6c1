namespace Gateway.Core.Storage.Entities;

/// <summary>
/// What an admin limited of somebody's key. The key's own members hold what is in force, which its owner may tighten; these hold how far
/// the owner may loosen it again. Immutable: a change replaces it.
/// </summary>
public sealed record ApiKeyLimits
{
    /// <summary>No limit is an admin's.</summary>
    public static readonly ApiKeyLimits None = new();

    /// <summary>An admin switched the key off.</summary>
    public bool IsInactive { get; init; }

    /// <summary>The only models that the key may name; null: the owner decides.</summary>
    public IReadOnlyList<string>? Models { get; init; }

    /// <summary>The networks (CIDR) that the key's networks must lie in; null: the owner decides.</summary>
    public IReadOnlyList<string>? AllowedIps { get; init; }

    /// <summary>The last moment at which the key may end, UTC; null: the owner decides.</summary>
    public DateTime? ExpiresAt { get; init; }

    /// <summary>The budget that an admin set with the key, beside which the owner may have a smaller one; null: there is none.</summary>
    public string? BudgetId { get; init; }

    /// <summary>Whether nothing is limited.</summary>
    public bool IsEmpty => this is { IsInactive: false, Models: null, AllowedIps: null, ExpiresAt: null, BudgetId: null };
}
