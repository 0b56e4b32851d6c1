namespace Gateway.Core.Storage.Entities;

/// <summary>Sums for one user, key, model, team and tier.</summary>
public abstract class UsageRollup : UsageSum
{
    /// <summary>The user.</summary>
    public required string UserId { get; set; }

    /// <summary>The key; empty for calls with an access token.</summary>
    public required string ApiKeyId { get; set; }

    /// <summary>The team; empty for none.</summary>
    public required string TeamId { get; set; }

    /// <summary>The user's tier at the time of the calls.</summary>
    public required string TierId { get; set; }
}
