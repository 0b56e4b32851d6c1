using System.Text.Json;

namespace Gateway.Tests.Sandbox;

/// <summary>The members of a JSON text in their order, and the kind of each value: what two answers of one kind have in common.</summary>
internal static class JsonShape
{
    public static string Of(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Of(document.RootElement);
    }

    /// <summary>The shape of each event of a stream; texts of the event that are not JSON stay as they are.</summary>
    public static IEnumerable<string> OfEvents(IEnumerable<string> events) =>
        events.Select(text => text.StartsWith("data: {", StringComparison.Ordinal) ? Of(text[6..]) : text);

    private static string Of(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.Object => "{"
                + string.Join(",", element.EnumerateObject().Select(member => member.Name + ":" + Of(member.Value)))
                + "}",
            JsonValueKind.Array => "[" + string.Join(",", element.EnumerateArray().Select(Of).Distinct()) + "]",
            JsonValueKind.True or JsonValueKind.False => "bool",
            var kind => kind.ToString().ToLowerInvariant(),
        };
}
