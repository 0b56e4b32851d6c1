using System.Text.Json;

namespace Gateway.Tests.Sandbox;

/// <summary>One recorded exchange with a real LiteLLM; Recordings/litellm/README.md explains the files.</summary>
internal sealed record Recording(
    int Status,
    IReadOnlyList<KeyValuePair<string, string>> Headers,
    string? Body,
    IReadOnlyList<string> Chunks
)
{
    public static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recordings", "litellm");

    /// <param name="name">The file without its ending; with <c>1.81.13/</c> before it for the older version.</param>
    public static Recording Load(string name)
    {
        using var file = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, name + ".json")));
        var response = file.RootElement.GetProperty("response");
        var headers = response
            .GetProperty("headers")
            .EnumerateArray()
            .Select(header => KeyValuePair.Create(header[0].GetString()!.ToLowerInvariant(), header[1].GetString()!));
        var chunks = response.TryGetProperty("chunks", out var list)
            ? list.EnumerateArray().Select(chunk => chunk.GetProperty("data").GetString()!)
            : [];
        var body = response.TryGetProperty("body", out var text) ? text.GetString() : null;
        return new Recording(response.GetProperty("status").GetInt32(), [.. headers], body, [.. chunks]);
    }

    public IEnumerable<string> HeaderNames => Headers.Select(header => header.Key);
}
