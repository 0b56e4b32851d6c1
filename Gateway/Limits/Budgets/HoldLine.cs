using Gateway.Core.Quotas;

namespace Gateway.Limits.Budgets;

/// <summary>One account of a call, on the terms of the call's admission.</summary>
/// <param name="Account">The account.</param>
/// <param name="Budget">The budget whose account it is; null for the balance.</param>
/// <param name="WindowStart">The window of the budget that the call was admitted in.</param>
internal readonly record struct HoldLine(MoneyAccount Account, Budget? Budget, DateTime WindowStart)
{
    /// <summary>Whether the account may refuse.</summary>
    public bool IsEnforced => Budget is null or { Mode: QuotaMode.Enforce, IsOverridden: false };
}
