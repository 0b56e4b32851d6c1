namespace Gateway.Admin.Requests;

/// <summary>Tells the document which wire record a route reads from its body.</summary>
/// <param name="Members">The record's members.</param>
/// <param name="Type">The record.</param>
internal sealed record BodyMetadata(IReadOnlyList<WireMember> Members, Type Type);
