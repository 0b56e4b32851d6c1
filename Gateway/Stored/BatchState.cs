using System.Text.Json;

namespace Gateway.Stored;

/// <summary>Where a batch stands.</summary>
/// <param name="Status">OpenAI's word.</param>
/// <param name="Completed">Calls that were answered.</param>
/// <param name="OutputFile">The file with their answers; null: none yet.</param>
/// <param name="ErrorFile">The file with the calls that failed; null: none.</param>
internal sealed record BatchState(string Status, long Completed, string? OutputFile, string? ErrorFile)
{
    /// <summary>Whether nothing will change any more.</summary>
    public bool IsEnded => Status is "completed" or "failed" or "expired" or "cancelled";

    /// <summary>Reads a batch; null when it is none.</summary>
    public static BatchState? Read(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var batch = document.RootElement;
            return batch.ValueKind == JsonValueKind.Object && TextOf(batch, "status") is { } status
                ? new BatchState(status, CompletedOf(batch), TextOf(batch, "output_file_id"), TextOf(batch, "error_file_id"))
                : null;
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException)
        {
            return null;
        }
    }

    private static string? TextOf(JsonElement batch, string name) =>
        batch.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;

    private static long CompletedOf(JsonElement batch) =>
        batch.TryGetProperty("request_counts", out var counts)
        && counts.ValueKind == JsonValueKind.Object
        && counts.TryGetProperty("completed", out var completed)
        && completed.ValueKind == JsonValueKind.Number
        && completed.TryGetInt64(out var count)
            ? count
            : 0;
}
