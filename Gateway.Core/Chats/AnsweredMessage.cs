namespace Gateway.Core.Chats;

/// <summary>The answer of a call that sent a message: the assistant's message, and what it left of the balance.</summary>
public sealed record AnsweredMessage : MessageView
{
    /// <summary>An answer.</summary>
    public AnsweredMessage(MessageView message)
        : base(message) { }

    /// <summary>The balance behind the charge, in USD.</summary>
    public required decimal Balance { get; init; }

    /// <summary>The message that was sent.</summary>
    public required string UserMessageId { get; init; }
}
