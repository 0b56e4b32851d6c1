using System.Collections.Concurrent;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Gateway.Tests.Admin.Support;

/// <summary>
/// Holds answers against <c>/openapi.json</c>: the status must be described, and the body must be of the status's schema, without a member
/// that it does not know. Every answer that a test of this folder gets goes through here.
/// </summary>
internal sealed partial class ApiContract
{
    private static readonly SemaphoreSlim Gate = new(1, 1);
    private static ApiContract? s_served;

    private readonly List<Operation> _operations;
    private readonly JsonElement _schemas;

    private ApiContract(JsonElement document)
    {
        Document = document;
        _schemas = document.At("components.schemas");
        _operations =
        [
            .. document
                .GetProperty("paths")
                .EnumerateObject()
                .SelectMany(p => p.Value.EnumerateObject().Select(m => new Operation(m.Name.ToUpperInvariant(), p.Name, m.Value))),
        ];
    }

    public JsonElement Document { get; }

    /// <summary>Every route.</summary>
    public IReadOnlyList<Operation> Operations => _operations;

    /// <summary>What was held against the document so far, as <c>GET /api/v1/users 200</c>.</summary>
    public ConcurrentDictionary<string, bool> Seen { get; } = new();

    /// <summary>The document as the host behind a client serves it; null when it serves none.</summary>
    public static async Task<ApiContract?> OfAsync(HttpClient client)
    {
        if (s_served is { } served)
        {
            return served;
        }
        await Gate.WaitAsync();
        try
        {
            using var answer = await client.GetAsync("/openapi.json");
            return s_served ??= answer.IsSuccessStatusCode
                ? new ApiContract(JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement.Clone())
                : null;
        }
        finally
        {
            Gate.Release();
        }
    }

    /// <summary>What is wrong with an answer; empty when it is as described.</summary>
    public IReadOnlyList<string> Check(string method, string path, int status, JsonElement body)
    {
        if (body.ValueKind == JsonValueKind.Undefined)
        {
            return [];
        }
        if (Find(method, path) is not { } operation)
        {
            return status >= 400 ? Faults(_schemas.GetProperty("Error"), body) : []; // no route: its error is described all the same
        }
        if (!operation.Json.GetProperty("responses").TryGetProperty(status.ToString(), out var response))
        {
            return status is 405 or 404 or 413
                ? Faults(_schemas.GetProperty("Error"), body)
                : [$"{operation} does not describe status {status}: {body.GetRawText()}"];
        }
        Seen[$"{operation} {status}"] = true;
        return Resolve(response).TryGetProperty("content", out var content) && content.TryGetProperty("application/json", out var json)
            ? [.. Faults(json.GetProperty("schema"), body).Select(f => $"{operation} {status} {f}")]
            : [];
    }

    /// <summary>What a reference stands for; anything else as it is.</summary>
    public JsonElement Resolve(JsonElement part) =>
        part.TryGetProperty("$ref", out var reference)
            ? reference.GetString()!.Split('/')[1..].Aggregate(Document, (place, name) => place.GetProperty(name))
            : part;

    /// <summary>What is wrong with a value, by place.</summary>
    public IReadOnlyList<string> Faults(JsonElement schema, JsonElement value)
    {
        List<string> faults = [];
        Check(schema, value, "$", faults);
        return faults;
    }

    private Operation? Find(string method, string path) =>
        _operations.Where(o => o.Method == method && o.Matches("/api/v1" + path.Split('?')[0].TrimEnd('/'))).MinBy(o => o.Parameters);

    private void Check(JsonElement schema, JsonElement value, string place, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(_schemas.GetProperty(reference.GetString()!.Split('/')[^1]), value, place, faults);
            return;
        }
        if (schema.TryGetProperty("anyOf", out var choices) || schema.TryGetProperty("oneOf", out choices))
        {
            var tried = choices
                .EnumerateArray()
                .Select(c =>
                {
                    List<string> found = [];
                    Check(c, value, place, found);
                    return found;
                })
                .ToList();
            if (tried.TrueForAll(t => t.Count > 0))
            {
                faults.AddRange(tried.MinBy(t => t.Count)!);
            }
            return;
        }
        if (!schema.TryGetProperty("type", out var type))
        {
            return;
        }
        var types = type.ValueKind == JsonValueKind.Array ? type.EnumerateArray().Select(t => t.GetString()!) : [type.GetString()!];
        if (!types.Any(t => IsOf(t, value)))
        {
            faults.Add($"{place} is {value.ValueKind}, not {type.GetRawText()}");
            return;
        }
        if (
            value.ValueKind == JsonValueKind.String
            && schema.TryGetProperty("format", out var format)
            && format.GetString() == "date-time"
            && !UtcTime().IsMatch(value.GetString()!)
        )
        {
            faults.Add($"{place} is no time in UTC: {value.GetString()}");
        }
        if (value.ValueKind == JsonValueKind.Array && schema.TryGetProperty("items", out var items))
        {
            var index = 0;
            foreach (var item in value.EnumerateArray())
            {
                Check(items, item, $"{place}[{index++}]", faults);
            }
        }
        if (value.ValueKind == JsonValueKind.Object)
        {
            CheckMembers(schema, value, place, faults);
        }
    }

    private void CheckMembers(JsonElement schema, JsonElement value, string place, List<string> faults)
    {
        if (schema.TryGetProperty("required", out var required))
        {
            faults.AddRange(
                required
                    .EnumerateArray()
                    .Where(r => !value.TryGetProperty(r.GetString()!, out _))
                    .Select(r => $"{place}.{r.GetString()} is missing")
            );
        }
        var properties = schema.TryGetProperty("properties", out var known) ? known : default;
        var others = schema.TryGetProperty("additionalProperties", out var additional) ? additional : default;
        foreach (var member in value.EnumerateObject())
        {
            if (properties.ValueKind == JsonValueKind.Object && properties.TryGetProperty(member.Name, out var described))
            {
                Check(described, member.Value, $"{place}.{member.Name}", faults);
            }
            else if (others.ValueKind == JsonValueKind.Object)
            {
                Check(others, member.Value, $"{place}.{member.Name}", faults);
            }
            else if (properties.ValueKind == JsonValueKind.Object)
            {
                faults.Add($"{place}.{member.Name} is not described");
            }
        }
    }

    private static bool IsOf(string type, JsonElement value) =>
        type switch
        {
            "object" => value.ValueKind == JsonValueKind.Object,
            "array" => value.ValueKind == JsonValueKind.Array,
            "string" => value.ValueKind == JsonValueKind.String,
            "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
            "number" => value.ValueKind == JsonValueKind.Number,
            "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
            _ => value.ValueKind == JsonValueKind.Null,
        };

    [GeneratedRegex(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,3})?Z$")]
    private static partial Regex UtcTime();

    /// <summary>A method of a path.</summary>
    public sealed class Operation(string method, string path, JsonElement json)
    {
        // Ids of LiteLLM may hold slashes.
        private readonly Regex _pattern = new(
            "^" + Regex.Replace(path, @"\{[a-z_]+\}", path.Contains("/litellm") || path.Contains("/users/keys") ? ".+" : "[^/]+") + "$",
            RegexOptions.IgnoreCase
        );

        public string Method => method;

        public string Path => path;

        public JsonElement Json => json;

        public int Parameters { get; } = path.Count(c => c == '{');

        /// <summary>The path under <c>/api/v1</c> with a value in the place of each parameter.</summary>
        public string With(string id) => Regex.Replace(path["/api/v1".Length..], @"\{[a-z_]+\}", id);

        public bool Matches(string full) => _pattern.IsMatch(full);

        public override string ToString() => $"{method} {path}";
    }
}
