namespace Gateway.Bodies;

/// <summary>Members that have one rule for one reason.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Reason">
/// Why it holds. Of a member that is refused on a budgeted call it is shown to its client: what the member can do, to be read after "The
/// member 'x'".
/// </param>
/// <param name="Names">The names.</param>
internal sealed record MemberGroup(BodyMember Rule, string Reason, params IReadOnlyList<string> Names);
