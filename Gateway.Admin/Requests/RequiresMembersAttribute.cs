namespace Gateway.Admin.Requests;

/// <summary>Members that are optional where something is changed, and must be there where it is made.</summary>
/// <param name="members">The properties, by their names in code.</param>
[AttributeUsage(AttributeTargets.Class)]
internal sealed class RequiresMembersAttribute(params string[] members) : Attribute
{
    public IReadOnlyList<string> Members => members;
}
