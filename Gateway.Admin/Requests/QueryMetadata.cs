namespace Gateway.Admin.Requests;

/// <summary>Tells the document which wire record a route reads from its query.</summary>
/// <param name="Members">The record's members.</param>
/// <param name="Type">The record.</param>
internal sealed record QueryMetadata(IReadOnlyList<WireMember> Members, Type Type)
{
    public bool IsPaged => typeof(PageQuery).IsAssignableFrom(Type);
}
