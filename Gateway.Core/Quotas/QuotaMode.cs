namespace Gateway.Core.Quotas;

/// <summary>What a limit does when it is reached.</summary>
public enum QuotaMode : byte
{
    /// <summary>Refuses.</summary>
    Enforce,

    /// <summary>Counts and reports, and lets pass: never changes a status, another limit's window, or the bytes sent.</summary>
    Shadow,
}
