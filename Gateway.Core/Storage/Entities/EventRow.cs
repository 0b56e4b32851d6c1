namespace Gateway.Core.Storage.Entities;

/// <summary>
/// Something that operators want to know: a threshold passed, a limit exhausted, a shadow limit hit. Webhooks are sent from these rows.
/// </summary>
public sealed class EventRow
{
    /// <summary>UUID version 7.</summary>
    public required string Id { get; set; }

    /// <summary><c>budget.threshold</c>, <c>budget.exhausted</c>, <c>balance.exhausted</c>, <c>limit.shadow</c>, ...</summary>
    public required string Type { get; set; }

    /// <summary>What it is about, unique: once per window and threshold, also on several nodes.</summary>
    public required string DedupeKey { get; set; }

    /// <summary>The scope's name, or null.</summary>
    public string? Scope { get; set; }

    /// <summary>The key, user, team or tier, or null.</summary>
    public string? ScopeId { get; set; }

    /// <summary>A JSON object with the figures.</summary>
    public required string Data { get; set; }

    /// <summary>When.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When the webhook took it; null while it has not.</summary>
    public DateTime? DeliveredAt { get; set; }

    /// <summary>How often the webhook was tried.</summary>
    public int DeliveryAttempts { get; set; }

    /// <summary>When it is tried next; null: not to be sent.</summary>
    public DateTime? NextDeliveryAt { get; set; }
}
