using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Gateway.Sandbox.Schemas;

namespace Gateway.Tests.Sandbox;

/// <summary>JSON that the sandbox makes of a schema is of that schema. The checks are independent of what makes it.</summary>
public sealed class SchemaSampleTests
{
    public static TheoryData<string> Schemas =>
        [
            """{"type":"object","properties":{"name":{"type":"string"},"age":{"type":"integer"}},"required":["name","age"],"additionalProperties":false}""",
            """{"type":"object","properties":{"a":{"type":"object","properties":{"b":{"type":"object","properties":{"c":{"type":"boolean"}},"required":["c"]}},"required":["b"]}},"required":["a"]}""",
            """{"type":"array","items":{"type":"object","properties":{"x":{"type":"number"}},"required":["x"]},"minItems":3}""",
            """{"type":"array","items":{"enum":["a","b","c"]},"minItems":3,"uniqueItems":true}""",
            """{"type":"array","items":{"type":"string"},"minItems":4,"uniqueItems":true}""",
            """{"type":"array","items":{"type":"integer","minimum":10},"minItems":4,"uniqueItems":true}""",
            """{"type":"array","items":{"type":"string"},"maxItems":0}""",
            """{"type":"array","prefixItems":[{"type":"string"},{"type":"integer"}],"items":false}""",
            """{"type":"array","prefixItems":[{"type":"string"}],"items":{"type":"boolean"},"minItems":3}""",
            """{"enum":["red","green"]}""",
            """{"enum":[null,7]}""",
            """{"const":{"a":[1,2]}}""",
            """{"enum":[null]}""",
            """{"$ref":"#/$defs/node","$defs":{"node":{"type":"object","properties":{"value":{"type":"string"},"next":{"anyOf":[{"$ref":"#/$defs/node"},{"type":"null"}]}},"required":["value","next"],"additionalProperties":false}}}""",
            """{"type":"object","properties":{"children":{"type":"array","items":{"$ref":"#"}}},"required":["children"]}""",
            """{"type":"object","properties":{"left":{"anyOf":[{"type":"null"},{"$ref":"#"}]},"right":{"anyOf":[{"type":"null"},{"$ref":"#"}]},"list":{"type":"array","items":{"$ref":"#"}}},"required":["left","right","list"]}""",
            """{"definitions":{"a/b":{"type":"integer","minimum":5}},"type":"object","properties":{"n":{"$ref":"#/definitions/a~1b"}},"required":["n"]}""",
            """{"type":"object","additionalProperties":{"type":"integer"}}""",
            """{"type":"object","additionalProperties":{"type":"string"},"minProperties":3}""",
            """{"type":"object","additionalProperties":false}""",
            """{"type":"object","required":["free"],"additionalProperties":{"type":"boolean"}}""",
            """{"anyOf":[{"type":"null"},{"type":"string"}]}""",
            """{"oneOf":[{"type":"object","properties":{"kind":{"const":"a"}},"required":["kind"]},{"type":"object","properties":{"kind":{"const":"b"}},"required":["kind"]}]}""",
            """{"allOf":[{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]},{"properties":{"b":{"type":"integer"}},"required":["b"]}]}""",
            """{"$ref":"#/$defs/s","maxLength":2,"$defs":{"s":{"type":"string"}}}""",
            """{"type":["null","integer"]}""",
            """{"type":"integer","minimum":7,"maximum":7}""",
            """{"type":"integer","exclusiveMinimum":3,"exclusiveMaximum":5}""",
            """{"type":"integer","maximum":-4}""",
            """{"type":"integer","minimum":-9,"maximum":-4}""",
            """{"type":"number","exclusiveMinimum":0,"exclusiveMaximum":1}""",
            """{"type":"number","minimum":0.1,"maximum":0.2}""",
            """{"type":"number","exclusiveMaximum":0}""",
            """{"type":"integer","multipleOf":7,"minimum":15}""",
            """{"type":"number","multipleOf":0.25,"minimum":1.1}""",
            """{"type":"string","minLength":20}""",
            """{"type":"string","maxLength":2}""",
            """{"type":"string","maxLength":0}""",
            """{"type":"string","pattern":"^[A-Z]{3}-\\d{3}$"}""",
            """{"type":"string","pattern":"^\\d{5}$"}""",
            """{"type":"string","format":"date-time"}""",
            """{"type":"string","format":"date"}""",
            """{"type":"string","format":"time"}""",
            """{"type":"string","format":"duration"}""",
            """{"type":"string","format":"email"}""",
            """{"type":"string","format":"hostname"}""",
            """{"type":"string","format":"ipv4"}""",
            """{"type":"string","format":"ipv6"}""",
            """{"type":"string","format":"uuid"}""",
            """{"type":"string","format":"uri"}""",
            """{"type":"array","items":{"type":"string","format":"uuid"},"minItems":9,"uniqueItems":true}""",
            """{"properties":{"a":{"minimum":3}},"required":["a"]}""",
            "{}",
            "true",
            """{"type":"object","properties":{"grüße":{"type":"string"},"a\"b":{"type":"string"}},"required":["grüße","a\"b"]}""",
        ];

    [Theory]
    [MemberData(nameof(Schemas))]
    public void The_json_is_of_the_schema(string schema)
    {
        var root = JsonElement.Parse(schema);
        var json = SchemaSample.Of(root);
        Assert.Equal([], Faults(JsonElement.Parse(json!), root, root, "$"));
    }

    [Theory]
    [InlineData("""{"$ref":"#"}""")]
    [InlineData("""{"type":"object","properties":{"a":{"$ref":"#"}},"required":["a"]}""")]
    [InlineData("""{"allOf":[{"$ref":"#"}]}""")]
    [InlineData("""{"anyOf":[{"$ref":"#"}]}""")]
    [InlineData("""{"$ref":"#/nowhere"}""")]
    [InlineData("""{"type":"string","pattern":"("}""")]
    [InlineData("""{"type":7,"properties":[],"required":"x","enum":{},"items":3,"minItems":"a","anyOf":{}}""")]
    public void A_schema_that_nothing_satisfies_has_an_end(string schema) => JsonElement.Parse(SchemaSample.Of(JsonElement.Parse(schema))!);

    [Fact]
    public void A_wide_schema_that_holds_itself_stays_small()
    {
        var members = string.Join(
            ',',
            Enumerable.Range(0, 20).Select(i => $"\"m{i}\":{{\"type\":\"array\",\"items\":{{\"$ref\":\"#\"}}}}")
        );
        var required = string.Join(',', Enumerable.Range(0, 20).Select(i => $"\"m{i}\""));
        Assert.InRange(
            SchemaSample.Of(JsonElement.Parse($$"""{"type":"object","properties":{{{members}}},"required":[{{required}}]}"""))!.Length,
            1,
            1_000_000
        );
    }

    private static List<string> Faults(JsonElement value, JsonElement schema, JsonElement root, string at)
    {
        if (schema.ValueKind == JsonValueKind.False)
        {
            return [$"{at} must not be"];
        }
        if (schema.ValueKind != JsonValueKind.Object)
        {
            return [];
        }
        List<string> faults = [];
        foreach (var keyword in schema.EnumerateObject())
        {
            faults.AddRange(FaultsOf(value, keyword.Name, keyword.Value, schema, root, at));
        }
        return faults;
    }

    private static IEnumerable<string> FaultsOf(
        JsonElement value,
        string keyword,
        JsonElement rule,
        JsonElement schema,
        JsonElement root,
        string at
    )
    {
        var isObject = value.ValueKind == JsonValueKind.Object;
        var isArray = value.ValueKind == JsonValueKind.Array;
        var isText = value.ValueKind == JsonValueKind.String;
        var isNumber = value.ValueKind == JsonValueKind.Number;
        bool Holds() =>
            keyword switch
            {
                "type" => (
                    rule.ValueKind == JsonValueKind.Array ? rule.EnumerateArray().Select(t => t.GetString()) : [rule.GetString()]
                ).Any(t => IsOf(value, t!)),
                "enum" => rule.EnumerateArray().Any(v => JsonElement.DeepEquals(v, value)),
                "const" => JsonElement.DeepEquals(rule, value),
                "required" => !isObject || rule.EnumerateArray().All(r => value.TryGetProperty(r.GetString()!, out _)),
                "minItems" => !isArray || value.GetArrayLength() >= rule.GetInt32(),
                "maxItems" => !isArray || value.GetArrayLength() <= rule.GetInt32(),
                "uniqueItems" => !isArray
                    || value.EnumerateArray().Select(v => v.GetRawText()).Distinct().Count() == value.GetArrayLength(),
                "minProperties" => !isObject || value.EnumerateObject().Count() >= rule.GetInt32(),
                "minimum" => !isNumber || value.GetDecimal() >= rule.GetDecimal(),
                "maximum" => !isNumber || value.GetDecimal() <= rule.GetDecimal(),
                "exclusiveMinimum" => !isNumber || value.GetDecimal() > rule.GetDecimal(),
                "exclusiveMaximum" => !isNumber || value.GetDecimal() < rule.GetDecimal(),
                "multipleOf" => !isNumber || value.GetDecimal() % rule.GetDecimal() == 0,
                "minLength" => !isText || value.GetString()!.Length >= rule.GetInt32(),
                "maxLength" => !isText || value.GetString()!.Length <= rule.GetInt32(),
                "pattern" => !isText || Regex.IsMatch(value.GetString()!, rule.GetString()!),
                "format" => !isText || HasFormat(value.GetString()!, rule.GetString()!),
                "anyOf" or "oneOf" => rule.EnumerateArray().Any(s => Faults(value, s, root, at).Count == 0),
                _ => true,
            };
        var known = schema.TryGetProperty("properties", out var properties)
            ? properties.EnumerateObject().Select(p => p.Name).ToHashSet()
            : [];
        var prefix = schema.TryGetProperty("prefixItems", out var told) ? told.GetArrayLength() : 0;
        var below = keyword switch
        {
            "$ref" => Faults(value, Resolve(root, rule.GetString()!), root, at),
            "allOf" => rule.EnumerateArray().SelectMany(s => Faults(value, s, root, at)),
            "properties" when isObject => rule.EnumerateObject()
                .SelectMany(p => value.TryGetProperty(p.Name, out var member) ? Faults(member, p.Value, root, $"{at}.{p.Name}") : []),
            "additionalProperties" when isObject => value
                .EnumerateObject()
                .Where(p => !known.Contains(p.Name))
                .SelectMany(p => Faults(p.Value, rule, root, $"{at}.{p.Name}")),
            "prefixItems" when isArray => rule.EnumerateArray()
                .Zip(value.EnumerateArray())
                .SelectMany(pair => Faults(pair.Second, pair.First, root, at + "[]")),
            "items" when isArray => value.EnumerateArray().Skip(prefix).SelectMany(v => Faults(v, rule, root, at + "[]")),
            _ => [],
        };
        return Holds() ? below : below.Append($"{at} breaks {keyword} {rule.GetRawText()}: {value.GetRawText()}");
    }

    private static JsonElement Resolve(JsonElement root, string reference) =>
        reference.Split('/').Skip(1).Aggregate(root, (found, step) => found.GetProperty(step.Replace("~1", "/").Replace("~0", "~")));

    private static bool IsOf(JsonElement value, string type) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "null" => value.ValueKind == JsonValueKind.Null,
            "integer" => value.ValueKind == JsonValueKind.Number && value.GetDecimal() % 1 == 0,
            _ => value.ValueKind == JsonValueKind.Number,
        };

    private static bool HasFormat(string text, string format) =>
        format switch
        {
            "date-time" => DateTimeOffset.TryParseExact(
                text,
                "yyyy-MM-ddTHH:mm:ssK",
                CultureInfo.InvariantCulture,
                DateTimeStyles.None,
                out _
            ),
            "date" => DateOnly.TryParseExact(text, "yyyy-MM-dd", out _),
            "time" => Regex.IsMatch(text, @"^\d\d:\d\d:\d\d(Z|[+-]\d\d:\d\d)$"),
            "duration" => Regex.IsMatch(text, @"^P\d+D$"),
            "email" => System.Net.Mail.MailAddress.TryCreate(text, out _),
            "hostname" => Uri.CheckHostName(text) == UriHostNameType.Dns,
            "ipv4" => Uri.CheckHostName(text) == UriHostNameType.IPv4,
            "ipv6" => IPAddress.TryParse(text, out var address) && address.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6,
            "uuid" => Guid.TryParseExact(text, "D", out _),
            "uri" => Uri.TryCreate(text, UriKind.Absolute, out _),
            _ => false,
        };
}
