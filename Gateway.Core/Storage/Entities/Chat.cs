namespace Gateway.Core.Storage.Entities;

/// <summary>A conversation of one user with models. Written by Admin, and by traffic with each message.</summary>
public sealed class Chat
{
    /// <summary>The title of a chat that nobody has named: the first message replaces it.</summary>
    public const string DefaultTitle = "New Chat";

    /// <summary>The longest title, in characters.</summary>
    public const int LongestTitle = 255;

    /// <summary>UUID version 7, or an imported id of at most 36 characters.</summary>
    public required string Id { get; set; }

    /// <summary>Whose it is; nobody else sees it.</summary>
    public required string UserId { get; set; }

    /// <summary>At most <see cref="LongestTitle"/> characters.</summary>
    public required string Title { get; set; }

    /// <summary><see cref="Title"/> in lower case: a search looks through it. Follows from it.</summary>
    public string TitleKey
    {
        get => Title.ToLowerInvariant();
        private set { } // what is stored is never newer
    }

    /// <summary>What its next message goes to when it names no model; null: the default model.</summary>
    public string? ModelUsed { get; set; }

    /// <summary>The folder, an id of the client's own making; null: none.</summary>
    public string? FolderId { get; set; }

    /// <summary>Words of the user's.</summary>
    public List<string> Tags { get; set; } = [];

    /// <summary>Marked by the user.</summary>
    public bool IsFavorite { get; set; }

    /// <summary>Put away: not listed, takes no messages, can be restored.</summary>
    public bool IsArchived { get; set; }

    /// <summary>How many messages it has: also the sequence number of the newest.</summary>
    public int MessageCount { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was changed last; each message moves it.</summary>
    public DateTime UpdatedAt { get; set; }
}
