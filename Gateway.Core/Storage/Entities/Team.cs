namespace Gateway.Core.Storage.Entities;

/// <summary>A company of users with limits and budgets in common.</summary>
public sealed class Team
{
    /// <summary>At most 64 characters; may be chosen.</summary>
    public required string Id { get; set; }

    /// <summary>The display name.</summary>
    public required string Name { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
