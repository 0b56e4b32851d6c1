using Gateway.Core.Chats;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Chats;

/// <summary>A chat with its messages.</summary>
internal sealed record OpenedChatResponse(
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
    DateTime UpdatedAt,
    IReadOnlyList<MessageView> Messages
)
{
    public static OpenedChatResponse From(Chat chat, IReadOnlyList<MessageView> messages) =>
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
            chat.UpdatedAt,
            messages
        );
}
