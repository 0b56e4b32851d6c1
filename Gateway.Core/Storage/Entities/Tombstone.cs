namespace Gateway.Core.Storage.Entities;

/// <summary>
/// What is left of a row that an admin deleted: its name for the sums that still count it, and, while it holds, the order to every sync
/// not to bring it back.
/// Its key is the type and id of what was deleted.
/// </summary>
public sealed class Tombstone
{
    /// <summary>One of <see cref="ChangedEntities"/>.</summary>
    public required string EntityType { get; set; }

    /// <summary>The id of the deleted row.</summary>
    public required string EntityId { get; set; }

    /// <summary>What it was called last.</summary>
    public required string Name { get; set; }

    /// <summary>Its name or id at LiteLLM, by which a sync would bring it back; null: it was of the gateway alone.</summary>
    public string? ExternalId { get; set; }

    /// <summary>When it was deleted.</summary>
    public DateTime DeletedAt { get; set; }

    /// <summary>When an admin allowed it to come back; null: no sync may bring it back.</summary>
    public DateTime? LiftedAt { get; set; }
}
