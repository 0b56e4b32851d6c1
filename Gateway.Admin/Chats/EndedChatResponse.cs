namespace Gateway.Admin.Chats;

/// <summary>A chat that was archived or deleted.</summary>
internal sealed record EndedChatResponse(string Message, string Id)
{
    public bool Success => true;

    public bool IsArchived => true;
}
