namespace Gateway.Core.Storage.Entities;

/// <summary>
/// Sums in less detail, at each of some levels (<see cref="Ledger.UsageGrain"/>): figures of the installation, of a team or of a user are
/// added up from few rows, however many callers or keys there are.
/// </summary>
public sealed class UsageTotals : UsageSum
{
    /// <summary>The level of detail: the name of a <see cref="Ledger.UsageGrain"/>; its number in the database.</summary>
    public required string Grain { get; set; }

    /// <summary>The number of the user's id; 0 where sums are not split by users.</summary>
    public int UserNumber { get; set; }

    /// <summary>The number of the team's id; 0 for none, and where sums are not split by teams.</summary>
    public int TeamNumber { get; set; }

    /// <summary>The number of the tier's id; 0 where sums are not split by tiers.</summary>
    public int TierNumber { get; set; }
}
