using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Chats;

/// <summary>A chat. <c>is_deleted</c> is <c>is_archived</c> by its other name.</summary>
internal record ChatResponse(
    string Id,
    string UserId,
    string Title,
    string? ModelUsed,
    string? FolderId,
    IReadOnlyList<string> Tags,
    bool IsFavorite,
    bool IsArchived,
    bool IsDeleted,
    int MessageCount,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public static ChatResponse From(Chat chat) =>
        new(
            chat.Id,
            chat.UserId,
            chat.Title,
            chat.ModelUsed,
            chat.FolderId,
            chat.Tags,
            chat.IsFavorite,
            chat.IsArchived,
            chat.IsArchived,
            chat.MessageCount,
            chat.CreatedAt,
            chat.UpdatedAt
        );
}
