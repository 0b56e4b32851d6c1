namespace Gateway.Core.Storage.Entities;

/// <summary>
/// Sums in less detail, at each of some levels (<see cref="Ledger.UsageGrain"/>): figures of the installation, of a team or of a user are
/// added up from few rows, however many callers or keys there are.
/// </summary>
public sealed class UsageTotals : UsageSum
{
    /// <summary>The level of detail: the name of a <see cref="Ledger.UsageGrain"/>.</summary>
    public required string Grain { get; set; }

    /// <summary>The user; empty where sums are not split by users.</summary>
    public required string UserId { get; set; }

    /// <summary>The team; empty for none, and where sums are not split by teams.</summary>
    public required string TeamId { get; set; }

    /// <summary>The tier; empty where sums are not split by tiers.</summary>
    public required string TierId { get; set; }
}
