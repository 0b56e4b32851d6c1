namespace Gateway.Core.Storage.Entities;

/// <summary>One message of a chat. Written by traffic, once.</summary>
public sealed class ChatMessage
{
    /// <summary>UUID version 7.</summary>
    public required string Id { get; set; }

    /// <summary>The chat.</summary>
    public required string ChatId { get; set; }

    /// <summary>From 1, without gaps, within its chat.</summary>
    public int SequenceNumber { get; set; }

    /// <summary>One of <see cref="MessageRoles"/>.</summary>
    public required string Role { get; set; }

    /// <summary>The text.</summary>
    public required string Content { get; set; }

    /// <summary>The model that it was sent to, or that wrote it.</summary>
    public string? ModelUsed { get; set; }

    /// <summary>Tokens of the prompt; 0 for what users write.</summary>
    public long TokensInput { get; set; }

    /// <summary>Tokens that were generated; 0 for what users write.</summary>
    public long TokensOutput { get; set; }

    /// <summary>What the answer cost, nano-dollars: as its ledger entry says.</summary>
    public long CostNanoUsd { get; set; }

    /// <summary>What is attached: a JSON list.</summary>
    public string Attachments { get; set; } = "[]";

    /// <summary>What else is known of it: a JSON object.</summary>
    public string Metadata { get; set; } = "{}";

    /// <summary>An answer that broke off.</summary>
    public bool IsIncomplete { get; set; }

    /// <summary>A message that nothing was answered to; later calls do not carry it.</summary>
    public bool IsFailed { get; set; }

    /// <summary>When it was stored.</summary>
    public DateTime CreatedAt { get; set; }
}
