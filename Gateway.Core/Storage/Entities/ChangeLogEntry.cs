namespace Gateway.Core.Storage.Entities;

/// <summary>What one change touched, so that nodes reread only that.</summary>
public sealed class ChangeLogEntry
{
    /// <summary>The revision that the change made.</summary>
    public long Revision { get; set; }

    /// <summary>One of <see cref="ChangedEntities"/>.</summary>
    public required string EntityType { get; set; }

    /// <summary>The row's id.</summary>
    public required string EntityId { get; set; }

    /// <summary>What caches know it by, when that is not the id: a key's public id; or what came to it, for spend.</summary>
    public string? EntityKey { get; set; }

    /// <summary>When.</summary>
    public DateTime ChangedAt { get; set; }
}
