using System.Collections.Frozen;
using Gateway.Core.Configuration;

namespace Gateway.Bodies;

/// <summary>
/// Members of a body that the operator says cannot raise what a call costs (<c>ALLOWED_BODY_MEMBERS</c>): by the name that a refusal gives
/// them, such as <c>plugins</c>, <c>options.draft</c> or <c>messages[].note</c>.
/// </summary>
internal sealed class VouchedMembers(BodyOptions options)
{
    private readonly FrozenSet<string> _names = options
        .AllowedBodyMembers.Concat(options.AllowedSteeringMembers)
        .ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether there are none: then no name has to be put together to look for it.</summary>
    public bool IsEmpty => _names.Count == 0;

    /// <summary>Whether the member with that name may pass on a budgeted call.</summary>
    public bool Covers(string name) => _names.Contains(name);
}
