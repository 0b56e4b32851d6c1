namespace Gateway.Admin.Replies;

/// <summary>
/// The member of an envelope that holds the payload once more: one word for one of a kind, one for many. A record without it stands under
/// <c>data</c> alone.
/// </summary>
[AttributeUsage(AttributeTargets.Class, Inherited = false)]
internal sealed class AliasAttribute(string one, string many) : Attribute
{
    public string One => one;

    public string Many => many;

    /// <summary>The alias of a payload; null when it has none.</summary>
    public static string? Of(Type payload)
    {
        var item = payload.IsGenericType && payload.GetGenericArguments() is [var argument] ? argument : null;
        return item is null ? Find(payload)?.One : Find(item)?.Many;
    }

    private static AliasAttribute? Find(Type type) => (AliasAttribute?)GetCustomAttribute(type, typeof(AliasAttribute), inherit: false);
}
