using System.Text;
using Gateway.Bodies;

namespace Gateway.Limits.Bound;

/// <summary>
/// Puts <c>max_tool_calls</c> into a body whose searches run at the provider without one: each round is a fee, and reads the prompt again.
/// </summary>
internal static class ToolLimitEdit
{
    /// <summary>The edit; a null that stands there is replaced.</summary>
    public static BodyEdit Create(in RequestMembers members, long limit) =>
        members.MaxToolCallsRange.IsEmpty
            ? new BodyEdit(members.ModelRange.Offset + members.ModelRange.Length, 0, Encoding.UTF8.GetBytes($",\"max_tool_calls\":{limit}"))
            : new BodyEdit(members.MaxToolCallsRange.Offset, members.MaxToolCallsRange.Length, Encoding.UTF8.GetBytes($"{limit}"));
}
