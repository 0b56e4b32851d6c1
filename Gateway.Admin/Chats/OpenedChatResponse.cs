using Gateway.Core.Chats;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Chats;

/// <summary>A chat with its messages.</summary>
internal sealed record OpenedChatResponse : ChatResponse
{
    public OpenedChatResponse(Chat chat, IReadOnlyList<MessageView> messages)
        : base(From(chat)) => Messages = messages;

    public IReadOnlyList<MessageView> Messages { get; }
}
