using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Support;

/// <summary>A form of an error or a usage that providers send; see Recordings/field.</summary>
internal sealed class FieldRecording(JsonElement row)
{
    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Recordings", "field");

    public string Name => row.GetProperty("name").GetString()!;

    /// <summary>The status of the answer; 200 for an error inside a success.</summary>
    public int Status => row.GetProperty("status").GetInt32();

    /// <summary>The body of an error, byte for byte.</summary>
    public byte[] Body => BytesOf(row.GetProperty("body"));

    /// <summary>The events of a stream, without their lines.</summary>
    public IReadOnlyList<byte[]> Events => [.. row.GetProperty("events").EnumerateArray().Select(BytesOf)];

    public JsonElement Expected => row.GetProperty("expected");

    /// <summary>Whether the client must hear nothing of it, because it is about the gateway's own standing there.</summary>
    public bool IsRefused => Expected.TryGetProperty("refused", out _);

    public static IReadOnlyList<FieldRecording> Errors { get; } = Read("errors");

    public static IReadOnlyList<FieldRecording> Usages { get; } = Read("usages");

    public static FieldRecording Error(string name) => Errors.Single(row => row.Name == name);

    public static FieldRecording Usage(string name) => Usages.Single(row => row.Name == name);

    // A text stands for bytes that are no JSON, or JSON that no writer would write.
    private static byte[] BytesOf(JsonElement body) =>
        Encoding.UTF8.GetBytes(body.ValueKind == JsonValueKind.String ? body.GetString()! : body.GetRawText());

    private static FieldRecording[] Read(string file)
    {
        var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, file + ".json")));
        return [.. document.RootElement.EnumerateArray().Select(row => new FieldRecording(row))];
    }
}
