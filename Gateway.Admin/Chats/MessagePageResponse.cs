using Gateway.Core.Chats;

namespace Gateway.Admin.Chats;

/// <summary>A page of a chat's messages.</summary>
internal sealed record MessagePageResponse(IReadOnlyList<MessageView> Messages, long TotalCount, int Limit, int Offset, bool HasMore);
