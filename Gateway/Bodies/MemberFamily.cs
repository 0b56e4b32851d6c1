namespace Gateway.Bodies;

/// <summary>Members that one family of upstreams reads.</summary>
/// <param name="Name">The family.</param>
/// <param name="Groups">Its members.</param>
internal sealed record MemberFamily(string Name, params IReadOnlyList<MemberGroup> Groups);
