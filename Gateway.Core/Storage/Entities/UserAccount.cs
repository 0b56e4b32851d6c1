namespace Gateway.Core.Storage.Entities;

/// <summary>Money facts of a user, written by traffic.</summary>
public sealed class UserAccount
{
    /// <summary>The user.</summary>
    public required string UserId { get; set; }

    /// <summary>Prepaid money left, in nano-dollars.</summary>
    public long BalanceNanoUsd { get; set; }

    /// <summary>All that was ever charged, in nano-dollars.</summary>
    public long TotalSpentNanoUsd { get; set; }

    /// <summary>The last charge.</summary>
    public DateTime UpdatedAt { get; set; }
}
