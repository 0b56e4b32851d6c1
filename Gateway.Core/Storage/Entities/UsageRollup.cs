namespace Gateway.Core.Storage.Entities;

/// <summary>Sums for one user, key, model, team and tier.</summary>
public abstract class UsageRollup : UsageSum
{
    /// <summary>The number of the user's id.</summary>
    public int UserNumber { get; set; }

    /// <summary>The number of the key's id; 0 for calls with an access token.</summary>
    public int ApiKeyNumber { get; set; }

    /// <summary>The number of the team's id; 0 for none.</summary>
    public int TeamNumber { get; set; }

    /// <summary>The number of the user's tier at the time of the calls.</summary>
    public int TierNumber { get; set; }
}
