using System.Buffers;
using System.Text;
using System.Text.Json;

namespace Gateway.Sandbox.Schemas;

/// <summary>
/// Makes JSON that a JSON schema takes, as a model would that is bound to it: every property, one item, the first alternative that says
/// something. Knows what structured outputs may use: nested objects, arrays, enums and constants, references into the schema, <c>anyOf</c>,
/// <c>oneOf</c>, <c>allOf</c>, <c>additionalProperties</c>, formats and limits of numbers, texts and arrays. The same schema gives the same
/// JSON.
/// </summary>
internal sealed class SchemaSample
{
    private const int DeepestWhole = 6; // below, what may be left out is left out
    private const int Deepest = 48; // a schema that has no end
    private const int MostValues = 2_000;

    private readonly JsonElement _root;
    private readonly Utf8JsonWriter _json;
    private int _values;

    private SchemaSample(JsonElement root, Utf8JsonWriter json) => (_root, _json) = (root, json);

    /// <summary>The JSON, or null for a schema that cannot be read.</summary>
    public static string? Of(JsonElement schema)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        using var json = new Utf8JsonWriter(
            buffer,
            new JsonWriterOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }
        );
        try
        {
            new SchemaSample(schema, json).Write(schema, 0, 0);
            json.Flush();
            return Encoding.UTF8.GetString(buffer.WrittenSpan);
        }
        // A name or text that is not valid (half a surrogate pair), or a limit beyond any number.
        catch (Exception fault) when (fault is InvalidOperationException or OverflowException)
        {
            return null;
        }
    }

    private bool IsLate(int depth) => depth > DeepestWhole || _values > MostValues;

    /// <param name="schema">What the value must be.</param>
    /// <param name="depth">Levels above it.</param>
    /// <param name="index">Its place in an array: neighbours differ, because they may have to.</param>
    private void Write(JsonElement schema, int depth, int index)
    {
        _values++;
        var node = SchemaNode.Of(schema, _root);
        if (depth > Deepest)
        {
            _json.WriteNullValue();
        }
        else if (node.Fixed(index) is { } value)
        {
            value.WriteTo(_json);
        }
        else if (node is { Alternatives: { Count: > 0 } alternatives, Properties.Count: 0 })
        {
            Write(Choose(alternatives, depth), depth + 1, index);
        }
        else
        {
            WriteTyped(node, depth, index);
        }
    }

    // Null is the way out of a schema that holds itself.
    private JsonElement Choose(IReadOnlyList<JsonElement> alternatives, int depth)
    {
        var nulls = alternatives.Where(a => SchemaNode.Of(a, _root).Type == "null").ToList();
        return IsLate(depth) && nulls.Count > 0 ? nulls[0] : alternatives.Except(nulls).Concat(nulls).First();
    }

    private void WriteTyped(SchemaNode node, int depth, int index)
    {
        switch (node.Type)
        {
            case "object":
                WriteObject(node, depth);
                break;
            case "array":
                WriteArray(node, depth);
                break;
            case "integer":
                _json.WriteNumberValue(decimal.Truncate(NumberSample.Of(node, index, isWhole: true)));
                break;
            case "number":
                _json.WriteNumberValue(NumberSample.Of(node, index, isWhole: false));
                break;
            case "boolean":
                _json.WriteBooleanValue(true);
                break;
            case "null":
                _json.WriteNullValue();
                break;
            default:
                _json.WriteStringValue(TextSample.Of(node, index));
                break;
        }
    }

    private void WriteObject(SchemaNode node, int depth)
    {
        _json.WriteStartObject();
        var count = 0;
        foreach (var (name, schema) in node.Properties)
        {
            if (!IsLate(depth) || node.Required.Contains(name))
            {
                _json.WritePropertyName(name);
                Write(schema, depth + 1, 0);
                count++;
            }
        }
        foreach (var name in node.Required.Where(r => !node.Properties.ContainsKey(r)))
        {
            _json.WritePropertyName(name);
            Write(node.Additional ?? default, depth + 1, 0);
            count++;
        }
        // A map has nothing but additional members: one, or as many as it must have.
        var least = Math.Max(
            (int)(node.Number("minProperties") ?? 0),
            node.Properties.Count == 0 && node.Additional is not null && !IsLate(depth) ? 1 : 0
        );
        for (var i = 1; count < least && i <= MostValues; i++, count++)
        {
            _json.WritePropertyName($"key{i}");
            Write(node.Additional ?? default, depth + 1, i);
        }
        _json.WriteEndObject();
    }

    private void WriteArray(SchemaNode node, int depth)
    {
        var least = (int)Math.Min(node.Number("minItems") ?? 0, MostValues);
        var count = Math.Max(Math.Max(least, node.Prefix.Count), IsLate(depth) || (node.Items is null && node.Prefix.Count > 0) ? 0 : 1);
        count = (int)Math.Min(count, Math.Max(node.Number("maxItems") ?? count, 0));
        _json.WriteStartArray();
        for (var i = 0; i < count; i++)
        {
            Write(i < node.Prefix.Count ? node.Prefix[i] : node.Items ?? default, depth + 1, i);
        }
        _json.WriteEndArray();
    }
}
