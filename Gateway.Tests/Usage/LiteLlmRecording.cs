using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Usage;

/// <summary>A recorded call of a real LiteLLM; see Recordings/litellm.</summary>
internal sealed class LiteLlmRecording
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recordings", "litellm");

    private LiteLlmRecording(JsonElement root)
    {
        var response = root.GetProperty("response");
        Status = response.GetProperty("status").GetInt32();
        IsStream = response.TryGetProperty("chunks", out var chunks);
        Pieces =
            IsStream ? [.. chunks.EnumerateArray().Select(chunk => Bytes(chunk.GetProperty("data")))]
            : response.TryGetProperty("body", out var body) ? [Bytes(body)]
            : [];
        Expected =
            root.TryGetProperty("cost", out var cost) && cost.TryGetProperty("expected", out var expected) ? expected.GetDecimal() : null;
        RequestBodyBytes = root.GetProperty("request").TryGetProperty("body", out var sent) ? Bytes(sent).Length : 0;
        Headers = response
            .GetProperty("headers")
            .EnumerateArray()
            .ToLookup(header => header[0].GetString()!, header => header[1].GetString()!);
    }

    public int Status { get; }

    public bool IsStream { get; }

    /// <summary>The HTTP chunks of a stream (one event each), or the one body.</summary>
    public IReadOnlyList<byte[]> Pieces { get; }

    public byte[] Body => [.. Pieces.SelectMany(piece => piece)];

    /// <summary>USD: usage times the configured price.</summary>
    public decimal? Expected { get; }

    public long RequestBodyBytes { get; }

    public ILookup<string, string> Headers { get; }

    public static LiteLlmRecording Open(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        return new(file.RootElement);
    }

    public static IEnumerable<string> Names(string pattern) =>
        Directory
            .EnumerateFiles(Folder, pattern + ".json")
            .Select(path => Path.GetFileNameWithoutExtension(path))
            .Order(StringComparer.Ordinal);

    public static JsonDocument OpenTable(string name) => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));

    private static byte[] Bytes(JsonElement data) =>
        data.ValueKind == JsonValueKind.String
            ? Encoding.UTF8.GetBytes(data.GetString()!)
            : Convert.FromBase64String(data.GetProperty("base64").GetString()!);
}
