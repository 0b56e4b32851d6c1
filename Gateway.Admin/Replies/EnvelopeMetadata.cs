namespace Gateway.Admin.Replies;

/// <summary>Tells the document that a payload stands in an envelope.</summary>
/// <param name="Status">The status of the answer.</param>
/// <param name="Payload">What stands under <c>data</c>.</param>
/// <param name="IsList">Whether the numbers of a page stand beside it.</param>
internal sealed record EnvelopeMetadata(int Status, Type Payload, bool IsList)
{
    /// <summary>The alias beside <c>data</c>; null for none.</summary>
    public string? Alias => AliasAttribute.Of(Payload);
}
