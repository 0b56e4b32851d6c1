using Gateway.Core.Policy;
using Gateway.Core.Quotas;

namespace Gateway.Limits.Rates;

/// <summary>Everything that limits one call: read once at admission and kept to the call's end.</summary>
/// <param name="Rates">Rates, in the order of scopes.</param>
/// <param name="Budgets">Caps on money, in the order of scopes.</param>
/// <param name="IsPrepaid">Whether the call is paid from the user's balance.</param>
/// <param name="Tier">The user's tier; null when it is not in the policy yet.</param>
internal sealed record CallQuotas(IReadOnlyList<RateLimit> Rates, IReadOnlyList<Budget> Budgets, bool IsPrepaid, PolicyTier? Tier)
{
    /// <summary>Whether money has to be held for the call. Free models skip money.</summary>
    public bool NeedsMoney(PolicyModel model) => !model.IsFree && (Budgets.Count > 0 || IsPrepaid);

    /// <summary>
    /// Whether money can refuse the call. Where only shadow budgets look on, neither its status nor its bytes may change.
    /// </summary>
    public bool EnforcesMoney => IsPrepaid || Budgets.Any(static b => b is { Mode: QuotaMode.Enforce, IsOverridden: false });
}
