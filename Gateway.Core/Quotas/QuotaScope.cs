namespace Gateway.Core.Quotas;

/// <summary>What a limit counts over. A call is checked in this order, and a refusal names the first that says no.</summary>
public enum QuotaScope : byte
{
    /// <summary>One API key.</summary>
    ApiKey,

    /// <summary>One user, over all keys.</summary>
    User,

    /// <summary>One team, over all its users and keys.</summary>
    Team,

    /// <summary>One model, for each user of one tier apart.</summary>
    TierModel,
}
