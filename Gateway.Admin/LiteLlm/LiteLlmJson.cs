using System.Text.Json;

namespace Gateway.Admin.LiteLlm;

/// <summary>Reads members of LiteLLM's answers leniently: what is not there or of another kind is null.</summary>
internal static class LiteLlmJson
{
    public static JsonElement Child(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var child) ? child : default;

    public static string? Text(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.String } text ? Read(text) : null;

    /// <summary>A number, also one that comes as text.</summary>
    public static decimal? Number(JsonElement parent, string name) =>
        Child(parent, name) switch
        {
            { ValueKind: JsonValueKind.Number } number when number.TryGetDecimal(out var value) => value,
            { ValueKind: JsonValueKind.Number } number => number.TryGetDouble(out var real) && Math.Abs(real) < 1e20 ? (decimal)real : null,
            { ValueKind: JsonValueKind.String } text
                when decimal.TryParse(
                    Read(text),
                    System.Globalization.NumberStyles.Float,
                    System.Globalization.CultureInfo.InvariantCulture,
                    out var value
                ) => value,
            _ => null,
        };

    public static bool Flag(JsonElement parent, string name) => Child(parent, name).ValueKind == JsonValueKind.True;

    public static List<string> Texts(JsonElement parent, string name) =>
        Child(parent, name) is { ValueKind: JsonValueKind.Array } list
            ? [.. list.EnumerateArray().Where(i => i.ValueKind == JsonValueKind.String).Select(Read)]
            : [];

    // LiteLLM passes on what providers and users sent, half surrogate pairs included.
    private static string Read(JsonElement text)
    {
        try
        {
            return text.GetString()!;
        }
        catch (InvalidOperationException fault)
        {
            throw new UnreadableTextException(fault);
        }
    }
}
