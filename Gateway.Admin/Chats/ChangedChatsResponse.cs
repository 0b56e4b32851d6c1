namespace Gateway.Admin.Chats;

/// <summary>How many chats were restored or deleted.</summary>
internal sealed record ChangedChatsResponse(string Message, int Count)
{
    public bool Success => true;
}
