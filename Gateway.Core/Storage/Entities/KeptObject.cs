namespace Gateway.Core.Storage.Entities;

/// <summary>Something that an upstream keeps for a user: a conversation, a file or a batch.</summary>
public sealed class KeptObject
{
    /// <summary>The upstream's id of it. Unique there, not here.</summary>
    public required string Id { get; set; }

    /// <summary>The upstream, by its name.</summary>
    public required string Upstream { get; set; }

    /// <summary>One of <see cref="KeptKinds"/>.</summary>
    public required string Kind { get; set; }

    /// <summary>Whose it is.</summary>
    public required string UserId { get; set; }

    /// <summary>What a file is for; null: no file.</summary>
    public string? Purpose { get; set; }

    /// <summary>The batch that wrote the file, by the upstream's id; null: none did.</summary>
    public string? BatchId { get; set; }

    /// <summary>The object as the upstream showed it last, JSON; null: it is not listed.</summary>
    public string? Content { get; set; }

    /// <summary>When it was made, UTC.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When its user asked for it or named it last, UTC, within a day.</summary>
    public DateTime UsedAt { get; set; }
}
