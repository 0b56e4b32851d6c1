namespace Gateway.Admin.Requests;

/// <summary>Tells the document which wire record a route reads from its body.</summary>
internal sealed record BodyMetadata(Type Type)
{
    // Looked up when the document is made, not at the start.
    public IReadOnlyList<WireMember> Members => WireType.Of(Type).Members;
}
