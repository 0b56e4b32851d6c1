namespace Gateway.Core.Storage.Entities;

/// <summary>
/// The answer that is being made in a chat: one at a time, whatever the node, because there is one row for a chat. It is gone when the
/// answer is stored; what a node that died left behind is ended from the ledger. Written by traffic.
/// </summary>
public sealed class ChatTurn
{
    /// <summary>The chat.</summary>
    public required string ChatId { get; set; }

    /// <summary>The call: the id of its ledger entry.</summary>
    public required string CallId { get; set; }

    /// <summary>The node that makes it.</summary>
    public required string NodeId { get; set; }

    /// <summary>The message that is answered.</summary>
    public required string UserMessageId { get; set; }

    /// <summary>The id that the answer will have.</summary>
    public required string MessageId { get; set; }

    /// <summary>The model that answers, as the message will name it.</summary>
    public required string ModelUsed { get; set; }

    /// <summary>What came so far, written now and then: what is left when the node dies.</summary>
    public string Draft { get; set; } = "";

    /// <summary>When it began.</summary>
    public DateTime StartedAt { get; set; }
}
