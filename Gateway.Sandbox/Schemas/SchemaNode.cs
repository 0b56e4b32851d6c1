using System.Text.Json;

namespace Gateway.Sandbox.Schemas;

/// <summary>One schema with its references followed and its <c>allOf</c> put together.</summary>
internal sealed class SchemaNode
{
    private const int MostReferences = 32;

    private readonly List<JsonElement> _parts = [];

    private SchemaNode() { }

    /// <summary>The type, told or to be seen from the keywords; the first one that is not null of several.</summary>
    public string Type { get; private set; } = "string";

    public IReadOnlyList<JsonElement> Alternatives { get; private set; } = [];

    public Dictionary<string, JsonElement> Properties { get; } = new(StringComparer.Ordinal);

    public HashSet<string> Required { get; } = new(StringComparer.Ordinal);

    /// <summary>What members that are not named must be; null where none may be.</summary>
    public JsonElement? Additional { get; private set; }

    public JsonElement? Items { get; private set; }

    public IReadOnlyList<JsonElement> Prefix { get; private set; } = [];

    /// <param name="schema">A schema; true, false and nothing at all are schemas too.</param>
    /// <param name="root">Where references begin.</param>
    public static SchemaNode Of(JsonElement schema, JsonElement root)
    {
        var node = new SchemaNode();
        node.Add(schema, root, 0);
        node.Type = node.ReadType();
        return node;
    }

    /// <summary>The one value of <c>const</c>, or one of <c>enum</c>; null where the value is free.</summary>
    public JsonElement? Fixed(int index)
    {
        if (Keyword("const") is { } constant)
        {
            return constant;
        }
        if (Keyword("enum") is not { ValueKind: JsonValueKind.Array } all || all.GetArrayLength() == 0)
        {
            return null;
        }
        var said = all.EnumerateArray().Where(v => v.ValueKind != JsonValueKind.Null).ToList();
        return said.Count == 0 ? all[0] : said[index % said.Count];
    }

    public decimal? Number(string keyword) =>
        Keyword(keyword) is { ValueKind: JsonValueKind.Number } number && number.TryGetDecimal(out var value) ? value : null;

    public string? Text(string keyword) => Keyword(keyword) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    // The last part wins: what stands beside a reference or an allOf is the narrower one.
    private JsonElement? Keyword(string name)
    {
        for (var i = _parts.Count - 1; i >= 0; i--)
        {
            if (_parts[i].TryGetProperty(name, out var value))
            {
                return value;
            }
        }
        return null;
    }

    private void Add(JsonElement schema, JsonElement root, int depth)
    {
        if (schema.ValueKind != JsonValueKind.Object || depth > MostReferences)
        {
            return;
        }
        if (schema.TryGetProperty("$ref", out var reference) && reference.ValueKind == JsonValueKind.String)
        {
            Add(Resolve(root, reference.GetString()!), root, depth + 1);
        }
        foreach (var part in ListOf(schema, "allOf"))
        {
            Add(part, root, depth + 1);
        }
        _parts.Add(schema);
        AddMembers(schema);
        Alternatives =
            ListOf(schema, "anyOf") is { Count: > 0 } any ? any
            : ListOf(schema, "oneOf") is { Count: > 0 } one ? one
            : Alternatives;
        Items = schema.TryGetProperty("items", out var items) ? items : Items;
        Prefix = ListOf(schema, "prefixItems") is { Count: > 0 } prefix ? prefix : Prefix;
    }

    private void AddMembers(JsonElement schema)
    {
        if (schema.TryGetProperty("properties", out var properties) && properties.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in properties.EnumerateObject())
            {
                Properties[property.Name] = property.Value;
            }
        }
        foreach (var name in ListOf(schema, "required").Where(r => r.ValueKind == JsonValueKind.String))
        {
            Required.Add(name.GetString()!);
        }
        if (schema.TryGetProperty("additionalProperties", out var additional))
        {
            Additional = additional.ValueKind is JsonValueKind.Object or JsonValueKind.True ? additional : null;
        }
    }

    private string ReadType()
    {
        var told = Keyword("type") switch
        {
            { ValueKind: JsonValueKind.String } one => one.GetString(),
            { ValueKind: JsonValueKind.Array } several => several
                .EnumerateArray()
                .Where(t => t.ValueKind == JsonValueKind.String)
                .Select(t => t.GetString())
                .OrderBy(t => t == "null")
                .FirstOrDefault(),
            _ => null,
        };
        return told
            ?? (
                Properties.Count > 0 || Required.Count > 0 || Additional is not null ? "object"
                : Items is not null || Prefix.Count > 0 ? "array"
                : new[] { "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf" }.Any(k => Keyword(k) is not null)
                    ? "number"
                : "string"
            );
    }

    // "#", "#/$defs/name", "#/definitions/name/properties/x": a JSON pointer within the schema. Others lead nowhere: anything goes.
    private static JsonElement Resolve(JsonElement root, string reference)
    {
        var found = root;
        foreach (var step in reference.TrimStart('#').Split('/', StringSplitOptions.RemoveEmptyEntries))
        {
            var name = Uri.UnescapeDataString(step)
                .Replace("~1", "/", StringComparison.Ordinal)
                .Replace("~0", "~", StringComparison.Ordinal);
            if (found.ValueKind == JsonValueKind.Object && found.TryGetProperty(name, out var member))
            {
                found = member;
            }
            else if (
                found.ValueKind == JsonValueKind.Array
                && int.TryParse(name, out var index)
                && index >= 0
                && index < found.GetArrayLength()
            )
            {
                found = found[index];
            }
            else
            {
                return default;
            }
        }
        return found;
    }

    private static List<JsonElement> ListOf(JsonElement schema, string keyword) =>
        schema.TryGetProperty(keyword, out var list) && list.ValueKind == JsonValueKind.Array ? [.. list.EnumerateArray()] : [];
}
