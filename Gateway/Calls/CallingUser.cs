using Gateway.Core.Pricing;
using Gateway.Core.Quotas;

namespace Gateway.Calls;

/// <summary>What calls need of a user. Read once and kept until a change-log entry names the user.</summary>
/// <param name="Id">The user's id.</param>
/// <param name="TierId">The user's tier.</param>
/// <param name="TeamId">The user's team; null: none.</param>
/// <param name="IsActive">Whether the account may be used.</param>
/// <param name="IsApproved">Whether the user may call in a tier that is free; of no weight in others.</param>
/// <param name="ExpiresAt">When a guest's account ends, UTC; null: never.</param>
internal sealed record CallingUser(string Id, string TierId, string? TeamId, bool IsActive, bool IsApproved, DateTime? ExpiresAt)
{
    /// <summary><c>prepaid</c>, <c>postpaid</c>, or null for the tier's.</summary>
    public string? BillingMode { get; init; }

    /// <summary>Whether the tier was free when the user was read: for a tier that is not in the policy yet.</summary>
    public bool TierIsFree { get; init; }

    private Capped? _capped;

    /// <summary>The user's own limits.</summary>
    public ScopeQuotas Quotas { get; init; } = ScopeQuotas.None;

    /// <summary>Whether the default budget holds for the user, as far as there is one.</summary>
    public bool HasDefaultBudget { get; init; }

    /// <summary>
    /// The user's own limits and the default budget with such a cap. Made once for each cap: nearly all calls ask for the same.
    /// </summary>
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
