using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Gateway.Tests.Admin.Fuzzing;

/// <summary>
/// One request of the fuzzer, as a line of <c>corpus.jsonl</c> keeps it. Ids stand in it by what they are of (<c>&lt;user&gt;</c>), so that
/// a line means the same in every run.
/// </summary>
internal sealed record FuzzRequest
{
    /// <summary>Who calls: one of <see cref="FuzzWorld.Callers"/>.</summary>
    public string Caller { get; init; } = "anonymous";

    public required string Method { get; init; }

    /// <summary>Path and query below <c>/api/v1</c>, as they go over the wire.</summary>
    public required string Path { get; init; }

    public Dictionary<string, string> Headers { get; init; } = [];

    /// <summary>The body's text; null: none.</summary>
    public string? Body { get; init; }

    /// <summary>The body's bytes where they are no text, in base64.</summary>
    public string? Body64 { get; init; }

    [JsonIgnore]
    public byte[]? Bytes =>
        Body64 is { } raw ? Convert.FromBase64String(raw)
        : Body is { } text ? Encoding.UTF8.GetBytes(text)
        : null;

    public static FuzzRequest Parse(string line) => JsonSerializer.Deserialize<FuzzRequest>(line, Options)!;

    /// <summary>The line of the corpus.</summary>
    public override string ToString() => JsonSerializer.Serialize(this, Options);

    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };
}
