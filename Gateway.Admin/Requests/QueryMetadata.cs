namespace Gateway.Admin.Requests;

/// <summary>Tells the document which wire record a route reads from its query.</summary>
internal sealed record QueryMetadata(Type Type)
{
    // Looked up when the document is made, not at the start.
    public IReadOnlyList<WireMember> Members => WireType.Of(Type).Members;

    public bool IsPaged => typeof(PageQuery).IsAssignableFrom(Type);
}
