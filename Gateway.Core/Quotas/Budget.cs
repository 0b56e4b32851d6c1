using Gateway.Core.Pricing;

namespace Gateway.Core.Quotas;

/// <summary>
/// A cap on money over one scope and one period, as people decided it. Immutable. Counts the calls admitted since the later of
/// <see cref="CreatedAt"/> and the window's start.
/// </summary>
/// <param name="Id">The row's id.</param>
/// <param name="Scope">What it counts over; <see cref="QuotaScope.TierModel"/>: each user of the tier apart.</param>
/// <param name="ScopeId">The key, user, team or tier.</param>
/// <param name="ModelId">Only calls of this model (with a tier); null: all.</param>
/// <param name="Cap">The most that may be spent and held in one window.</param>
/// <param name="Period">When a new window begins.</param>
/// <param name="CreatedAt">Calls admitted before this do not count. UTC.</param>
/// <param name="Mode">Whether it refuses.</param>
public sealed record Budget(
    string Id,
    QuotaScope Scope,
    string ScopeId,
    string? ModelId,
    Money Cap,
    BudgetPeriod Period,
    DateTime CreatedAt,
    QuotaMode Mode
)
{
    /// <summary>Whether it is the <see cref="DefaultBudget"/>: no row of its own, and no sum in the database.</summary>
    public bool IsDefault { get; init; }

    /// <summary>When people last changed it, UTC; sums kept for its windows from before may be of other windows.</summary>
    public DateTime ChangedAt { get; init; } = CreatedAt;
}
