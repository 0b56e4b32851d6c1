namespace Gateway.Core.Storage.Entities;

/// <summary>Whether a user of a free tier may call.</summary>
public static class FreeTierStatuses
{
    /// <summary>Not on a free tier.</summary>
    public const string None = "none";

    /// <summary>Waits for an admin.</summary>
    public const string Pending = "pending";

    /// <summary>May call.</summary>
    public const string Approved = "approved";

    /// <summary>An admin said no.</summary>
    public const string Rejected = "rejected";
}
