namespace Gateway.Admin.Requests;

/// <summary>A body that works as it stands on a fresh gateway: the document shows it, and a test sends it.</summary>
/// <param name="json">The object.</param>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class ExampleAttribute(string json) : Attribute
{
    public string Json => json;
}
