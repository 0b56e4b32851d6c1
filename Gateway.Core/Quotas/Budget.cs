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

    /// <summary>The end user of <see cref="EndUser"/> that stands for each of them.</summary>
    public const string EachEndUser = "*";

    /// <summary>Only calls for this end user; <see cref="EachEndUser"/>: for each of them apart; null: all calls.</summary>
    public string? EndUser { get; init; }

    /// <summary>
    /// Whether another budget of the same scope names the end user of the call and so refuses in this one's place. It counts all the same.
    /// </summary>
    public bool IsOverridden { get; init; }

    /// <summary>Whether it has an account for each of several: for each user of a tier, for each end user.</summary>
    public bool HasSubjects => Scope == QuotaScope.TierModel || EndUser is not null;

    /// <summary>Whether calls for an end user, or for none, count.</summary>
    public bool Concerns(string? endUser) => EndUser is null || (endUser is not null && (EndUser == EachEndUser || EndUser == endUser));

    /// <summary>Whose account of this budget a call counts in; empty: there is one.</summary>
    public string SubjectOf(string userId, string? endUser) =>
        EndUser is not null ? endUser ?? ""
        : Scope == QuotaScope.TierModel ? userId
        : "";

    /// <summary>When people last changed it, UTC; sums kept for its windows from before may be of other windows.</summary>
    public DateTime ChangedAt { get; init; } = CreatedAt;
}
