using System.ComponentModel;

namespace Gateway.Admin.Chats;

/// <summary>What of a chat is wanted.</summary>
internal sealed record OpenedChatQuery
{
    [Description("false: without its messages.")]
    public bool? IncludeMessages { get; init; }
}
