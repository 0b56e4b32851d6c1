namespace Gateway.Calls;

/// <summary>
/// A call that the gateway makes in its own process for somebody whom it knows already, such as the author of a chat's message. It goes
/// through the same stages as a call from outside; only nobody is asked for a credential.
/// </summary>
/// <param name="Caller">Who pays.</param>
/// <param name="ChatId">The chat that it is made for, or null.</param>
/// <param name="MessageId">The id that its answer will have as a message, or null.</param>
internal sealed record CallOrder(Caller Caller, string? ChatId, string? MessageId);
