using System.Text.Json;
using Gateway.Admin.Conventions;

namespace Gateway.Admin.Requests;

/// <summary>
/// Members that a record does not know and that look like a limit, unless their value limits nothing: 0, -1, false, null, empty. Other
/// members that are unknown stay ignored.
/// </summary>
internal static class UnknownLimits
{
    private const int LongestShownName = 100;

    public static IEnumerable<InvalidMember> In(JsonElement root, IReadOnlySet<string> known, LimitMembers limits) =>
        from member in root.EnumerateObject()
        where !known.Contains(member.Name)
        let reason = limits.Refuse(member.Name, !LimitsNothing(member.Value), IsFalse(member.Value))
        where reason is not null
        select new InvalidMember(Shortened(member.Name), "unknown_limit", reason);

    private static bool IsFalse(JsonElement value) =>
        value.ValueKind == JsonValueKind.False || (value.ValueKind == JsonValueKind.Number && value.GetRawText() == "0");

    private static bool LimitsNothing(JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.Null or JsonValueKind.Undefined or JsonValueKind.False => true,
            JsonValueKind.Number => value.TryGetDecimal(out var number) && number is 0 or -1,
            JsonValueKind.String => value.ValueEquals(""u8),
            JsonValueKind.Array => value.GetArrayLength() == 0,
            JsonValueKind.Object => !value.EnumerateObject().Any(m => !LimitsNothing(m.Value)),
            _ => false,
        };

    private static string Shortened(string name) => name.Length <= LongestShownName ? name : name[..LongestShownName] + "...";
}
