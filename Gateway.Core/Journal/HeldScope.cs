namespace Gateway.Core.Journal;

/// <summary>What an account counts over. The numbers stand in files: never change them.</summary>
public enum HeldScope : byte
{
    /// <summary>A budget of one API key.</summary>
    ApiKey = 0,

    /// <summary>A budget of one user.</summary>
    User = 1,

    /// <summary>A budget of one team.</summary>
    Team = 2,

    /// <summary>A budget of a tier, for one model or all, each user apart.</summary>
    TierModel = 3,

    /// <summary>A user's prepaid balance.</summary>
    Balance = 4,
}
