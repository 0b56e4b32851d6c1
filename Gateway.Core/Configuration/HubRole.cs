namespace Gateway.Core.Configuration;

/// <summary>What a node serves.</summary>
public enum HubRole
{
    /// <summary>Traffic and management.</summary>
    All,

    /// <summary>Traffic only (<c>/v1</c>).</summary>
    Gateway,

    /// <summary>Management only (<c>/api/v1</c>).</summary>
    Admin,
}
