namespace Gateway.Core.Storage.Entities;

/// <summary>
/// A node that makes answers of chats. Its row is there while it lives: one whose beat stands still for longer than a lease is taken for
/// dead by the others. Written by traffic.
/// </summary>
public sealed class TrafficNode
{
    /// <summary>The node's name.</summary>
    public required string Name { get; set; }

    /// <summary>Counts up while the node lives. Whoever watches it needs no clock but its own.</summary>
    public long Beat { get; set; }

    /// <summary>When the node last said so, by its own clock; for people.</summary>
    public DateTime SeenAt { get; set; }
}
