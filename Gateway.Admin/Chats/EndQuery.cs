using System.ComponentModel;

namespace Gateway.Admin.Chats;

/// <summary>How a chat is to end.</summary>
internal sealed record EndQuery
{
    [Description("true: deleted with its messages, not archived.")]
    public bool? Permanent { get; init; }
}
