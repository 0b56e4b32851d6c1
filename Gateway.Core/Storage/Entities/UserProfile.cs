namespace Gateway.Core.Storage.Entities;

/// <summary>What a user told of themselves, as lists of short texts: data for the system prompt of chats.</summary>
public sealed class UserProfile
{
    /// <summary>UUID version 7.</summary>
    public required string Id { get; set; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; set; }

    public List<string> Values { get; set; } = [];

    public List<string> Beliefs { get; set; } = [];

    public List<string> Interests { get; set; } = [];

    public List<string> Skills { get; set; } = [];

    public List<string> Desires { get; set; } = [];

    public List<string> Intentions { get; set; } = [];

    public List<string> Likes { get; set; } = [];

    public List<string> Dislikes { get; set; } = [];

    public List<string> Loves { get; set; } = [];

    public List<string> Hates { get; set; } = [];

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was changed last.</summary>
    public DateTime UpdatedAt { get; set; }
}
