namespace Gateway.Core.Storage.Entities;

/// <summary>Who changed what. Append-only; holds no secrets.</summary>
public sealed class AuditEntry : ICountedRow
{
    /// <summary>UUID version 7.</summary>
    public required string Id { get; set; }

    /// <summary>The user who did it; null: the system.</summary>
    public string? ActorId { get; set; }

    /// <summary>The actor's role at that moment.</summary>
    public string? ActorRole { get; set; }

    /// <summary>What was done, such as <c>api_key.created</c>.</summary>
    public required string Action { get; set; }

    /// <summary>The kind of thing.</summary>
    public required string EntityType { get; set; }

    /// <summary>The thing's id.</summary>
    public required string EntityId { get; set; }

    /// <summary>Changed members before, as a JSON object; null on creation.</summary>
    public string? Before { get; set; }

    /// <summary>Changed members after, as a JSON object; null on deletion.</summary>
    public string? After { get; set; }

    /// <summary>The client's address.</summary>
    public string? Ip { get; set; }

    /// <summary>The request's id.</summary>
    public string? RequestId { get; set; }

    /// <summary>When.</summary>
    public DateTime CreatedAt { get; set; }

    string ICountedRow.Kind => Action;

    string ICountedRow.Detail => EntityType;
}
