using System.Text.Json;
using Gateway.Tests.Admin.Support;

namespace Gateway.Tests.Admin.Fuzzing;

/// <summary>A route of the management API, as its document tells it.</summary>
/// <param name="Method">The method.</param>
/// <param name="Path">The path below <c>/api/v1</c>, parameters in braces.</param>
/// <param name="Queries">Names of query parameters.</param>
/// <param name="Members">Members of the body, with their schemas.</param>
/// <param name="Required">The members that must be there.</param>
internal sealed record FuzzRoute(
    string Method,
    string Path,
    IReadOnlyList<string> Queries,
    IReadOnlyDictionary<string, JsonElement> Members,
    IReadOnlySet<string> Required
)
{
    private const string Base = "/api/v1";

    /// <summary>Every route of a document.</summary>
    public static IReadOnlyList<FuzzRoute> ReadAll(JsonElement document) =>
        [
            .. from path in document.GetProperty("paths").EnumerateObject()
            where path.Name.StartsWith(Base, StringComparison.Ordinal)
            from operation in path.Value.EnumerateObject()
            where operation.Value.ValueKind == JsonValueKind.Object
            select Read(document, operation.Name.ToUpperInvariant(), path.Name[Base.Length..], operation.Value),
        ];

    private static FuzzRoute Read(JsonElement document, string method, string path, JsonElement operation)
    {
        var parameters = operation.TryGetProperty("parameters", out var all) ? all.EnumerateArray().ToList() : [];
        var schema =
            operation.TryGetProperty("requestBody", out var body)
            && body.GetProperty("content").TryGetProperty("application/json", out var json)
                ? Resolve(document, json.GetProperty("schema"))
                : default;
        return new FuzzRoute(
            method,
            path,
            [.. parameters.Where(p => p.Text("in") == "query").Select(p => p.Text("name"))],
            MembersOf(schema, "properties").ToDictionary(p => p.Name, p => p.Value),
            schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty("required", out var required)
                ? required.EnumerateArray().Select(r => r.GetString()!).ToHashSet()
                : []
        );
    }

    private static JsonElement Resolve(JsonElement document, JsonElement schema) =>
        schema.TryGetProperty("$ref", out var reference)
            ? document.At("components.schemas").GetProperty(reference.GetString()!.Split('/')[^1])
            : schema;

    private static IEnumerable<JsonProperty> MembersOf(JsonElement schema, string name) =>
        schema.ValueKind == JsonValueKind.Object && schema.TryGetProperty(name, out var members) ? members.EnumerateObject() : [];
}
