namespace Gateway.Admin.OpenApi;

/// <summary>Tells the document that a route takes a multipart form with one file.</summary>
/// <param name="Field">The field of the form.</param>
/// <param name="Description">What the file must be.</param>
/// <param name="ContentTypes">Its types.</param>
internal sealed record FileFormMetadata(string Field, string Description, string ContentTypes)
{
    /// <summary>A field beside the file, and what it is; null for none.</summary>
    public (string Name, string Description)? TextField { get; init; }
}
