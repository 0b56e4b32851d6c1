namespace Gateway.Chats;

/// <summary>What a client sends to a chat.</summary>
/// <param name="Content">The text; empty only with attachments.</param>
/// <param name="Model">The model that is to answer; null: the chat's.</param>
/// <param name="Attachments">What is attached.</param>
/// <param name="Temperature">0 to 2; null: what admins set.</param>
/// <param name="MaxTokens">The most tokens of the answer; null: as for any call.</param>
internal sealed record ChatWish(
    string Content,
    string? Model,
    IReadOnlyList<AttachmentWish> Attachments,
    double? Temperature,
    long? MaxTokens
);
