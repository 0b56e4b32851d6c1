using System.Collections;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Gateway.Admin.OpenApi;

/// <summary>Turns wire records into JSON schemas, each once, under the names that JSON gives their members.</summary>
internal sealed class SchemaWriter
{
    private readonly NullabilityInfoContext _nullability = new();

    /// <summary>The schemas so far, by record name.</summary>
    public JsonObject All { get; } = [];

    public JsonObject Of(Type type)
    {
        if (Nullable.GetUnderlyingType(type) is { } inner)
        {
            return OrNull(Of(inner));
        }
        if (Simple(type) is { } simple)
        {
            return simple;
        }
        if (ElementOf(type, typeof(IReadOnlyDictionary<,>), 1) is { } value)
        {
            return new JsonObject { ["type"] = "object", ["additionalProperties"] = Of(value) };
        }
        if (type != typeof(object) && typeof(IEnumerable).IsAssignableFrom(type) && ElementOf(type, typeof(IEnumerable<>), 0) is { } item)
        {
            return new JsonObject { ["type"] = "array", ["items"] = Of(item) };
        }
        return type.Namespace?.StartsWith("Gateway", StringComparison.Ordinal) == true ? Reference(type) : [];
    }

    private JsonObject Reference(Type type)
    {
        var name = NameOf(type);
        if (!All.ContainsKey(name))
        {
            All[name] = new JsonObject(); // a record may hold itself
            var (properties, required) = (new JsonObject(), new JsonArray());
            foreach (
                var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
                    .Where(p => p.GetIndexParameters().Length == 0)
            )
            {
                var member =
                    property.GetCustomAttribute<JsonPropertyNameAttribute>()?.Name
                    ?? JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
                var schema = Of(property.PropertyType);
                properties[member] =
                    !property.PropertyType.IsValueType && _nullability.Create(property).ReadState == NullabilityState.Nullable
                        ? OrNull(schema)
                        : schema;
                required.Add(member);
            }
            All[name] = new JsonObject
            {
                ["type"] = "object",
                ["required"] = required,
                ["properties"] = properties,
            };
        }
        return new JsonObject { ["$ref"] = $"#/components/schemas/{name}" };
    }

    private static string NameOf(Type type)
    {
        var name = type.Name.Split('`')[0] + (type.IsGenericType ? string.Concat(type.GetGenericArguments().Select(NameOf)) : "");
        foreach (var suffix in new[] { "Response", "Shape" })
        {
            name = name.EndsWith(suffix, StringComparison.Ordinal) ? name[..^suffix.Length] : name;
        }
        return name;
    }

    private static JsonObject? Simple(Type type) =>
        type == typeof(string) ? new JsonObject { ["type"] = "string" }
        : type == typeof(bool) ? new JsonObject { ["type"] = "boolean" }
        : type == typeof(int) || type == typeof(long) ? new JsonObject { ["type"] = "integer" }
        : type == typeof(decimal) || type == typeof(double) ? new JsonObject { ["type"] = "number" }
        : type == typeof(DateTime) ? new JsonObject { ["type"] = "string", ["format"] = "date-time" }
        : type == typeof(JsonElement) || typeof(JsonNode).IsAssignableFrom(type) ? []
        : null;

    private static JsonObject OrNull(JsonObject schema) =>
        schema.Count == 0 ? schema : new JsonObject { ["anyOf"] = new JsonArray(schema, new JsonObject { ["type"] = "null" }) };

    private static Type? ElementOf(Type type, Type generic, int argument) =>
        type.GetInterfaces()
            .Prepend(type)
            .FirstOrDefault(i => i.IsGenericType && i.GetGenericTypeDefinition() == generic)
            ?.GetGenericArguments()[argument];
}
