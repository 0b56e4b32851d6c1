using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Replay;

/// <summary>
/// One recorded call to an inference API of a real LiteLLM and its answer, byte for byte. Recordings/litellm/README.md explains the files.
/// </summary>
internal sealed record RecordedExchange
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recordings", "litellm");
    private static readonly string[] Apis = ["/chat/completions", "/completions", "/embeddings"];
    private static readonly string[] NewerApis = ["/messages", "/messages/count_tokens", "/responses"];
    private static readonly string[] PieceApis =
    [
        "/moderations",
        "/rerank",
        "/images/generations",
        "/audio/speech",
        "/audio/transcriptions",
    ];

    /// <summary>The file without its ending; with <c>1.81.13/</c> before it for the older version.</summary>
    public required string Name { get; init; }

    /// <summary>The path that the recorded client called.</summary>
    public required string CalledPath { get; init; }

    /// <summary>The body that the recorded client sent; a note in angle brackets where it was too large to keep.</summary>
    public required string RequestBody { get; init; }

    /// <summary>The same as bytes: a form is no text.</summary>
    public byte[] RequestBytes { get; init; } = [];

    /// <summary>What the client called its body.</summary>
    public string RequestType { get; init; } = "application/json";

    /// <summary>The status, or null when the recorded client left before any answer.</summary>
    public int? Status { get; init; }

    public required IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; }

    /// <summary>The body: one piece of a plain answer, or the HTTP chunks of a stream.</summary>
    public required IReadOnlyList<byte[]> Pieces { get; init; }

    /// <summary>Whether the body came to its proper end.</summary>
    public bool IsComplete { get; init; }

    public bool IsStream => Header("content-type")?.StartsWith("text/event-stream", StringComparison.Ordinal) == true;

    public byte[] Body => [.. Pieces.SelectMany(piece => piece)];

    /// <summary>Every recorded call to chat completions, completions and embeddings, in both versions.</summary>
    public static IReadOnlyList<RecordedExchange> All { get; } = Read(Apis);

    /// <summary>Every recorded call to Anthropic's messages and to responses.</summary>
    public static IReadOnlyList<RecordedExchange> Newer { get; } = Read(NewerApis);

    /// <summary>Every recorded call that is answered with things: verdicts, ranks, pictures, sound, transcripts.</summary>
    public static IReadOnlyList<RecordedExchange> OfThings { get; } = Read(PieceApis);

    public static RecordedExchange Load(string name) => All.Concat(Newer).Concat(OfThings).Single(exchange => exchange.Name == name);

    /// <summary>The only value of a header, or null.</summary>
    public string? Header(string name) =>
        Headers.Where(h => h.Key.Equals(name, StringComparison.OrdinalIgnoreCase)).Select(h => h.Value).SingleOrDefault();

    public override string ToString() => Name;

    private static RecordedExchange[] Read(string[] apis) =>
        [
            .. Directory
                .EnumerateFiles(Folder, "*.json", SearchOption.AllDirectories)
                .Order(StringComparer.Ordinal)
                .Select(file => TryLoad(file, apis))
                .OfType<RecordedExchange>(),
        ];

    private static RecordedExchange? TryLoad(string file, string[] apis)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(file));
        var root = document.RootElement;
        if (
            root.ValueKind != JsonValueKind.Object
            || !root.TryGetProperty("request", out var request)
            || request.GetProperty("method").GetString() != "POST"
        )
        {
            return null;
        }
        var path = request.GetProperty("path").GetString()!.Split('?')[0];
        return apis.Any(path.EndsWith)
            ? Read(Path.ChangeExtension(Path.GetRelativePath(Folder, file), null), path, request, root.GetProperty("response"))
            : null;
    }

    private static RecordedExchange Read(string name, string path, JsonElement request, JsonElement response) =>
        new()
        {
            Name = name,
            CalledPath = path,
            RequestBody = request.GetProperty("body") is { ValueKind: JsonValueKind.String } text ? text.GetString()! : "",
            RequestBytes = request.GetProperty("body") is { ValueKind: not JsonValueKind.Null } sent ? Bytes(sent) : [],
            RequestType =
                request
                    .GetProperty("headers")
                    .EnumerateArray()
                    .Where(h => h[0].GetString()!.Equals("content-type", StringComparison.OrdinalIgnoreCase))
                    .Select(h => h[1].GetString())
                    .FirstOrDefault()
                ?? "application/json",
            Status =
                response.TryGetProperty("status", out var status) && status.ValueKind == JsonValueKind.Number ? status.GetInt32() : null,
            Headers =
                response.TryGetProperty("headers", out var headers) && headers.ValueKind == JsonValueKind.Array
                    ? [.. headers.EnumerateArray().Select(h => KeyValuePair.Create(h[0].GetString()!, h[1].GetString()!))]
                    : [],
            Pieces =
                response.TryGetProperty("chunks", out var chunks) && chunks.ValueKind == JsonValueKind.Array
                    ? [.. chunks.EnumerateArray().Select(chunk => Bytes(chunk.GetProperty("data")))]
                : response.TryGetProperty("body", out var body) && body.ValueKind != JsonValueKind.Null ? [Bytes(body)]
                : [],
            IsComplete =
                !response.TryGetProperty("ended", out var ended)
                || ended.ValueKind == JsonValueKind.Null
                || ended.GetString() == "complete",
        };

    private static byte[] Bytes(JsonElement data) =>
        data.ValueKind == JsonValueKind.Object
            ? data.GetProperty("base64").GetBytesFromBase64()
            : Encoding.UTF8.GetBytes(data.GetString()!);
}
