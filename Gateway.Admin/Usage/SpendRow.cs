using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.LiteLlm;
using Gateway.Core.Pricing;
using Gateway.Core.Usage;

namespace Gateway.Admin.Usage;

/// <summary>One call in LiteLLM's spend logs.</summary>
internal sealed record SpendRow
{
    private const decimal HighestUsd = 1_000_000;

    /// <summary>The ledger's id of the call: follows from LiteLLM's, so that a call comes in once.</summary>
    public required string Id { get; init; }

    public required string RequestId { get; init; }

    /// <summary>Ids that the gateway may have given the call: its rows are settled by them.</summary>
    public required IReadOnlyList<string> CallIds { get; init; }

    /// <summary>LiteLLM's hash of the key.</summary>
    public string? KeyHash { get; init; }

    /// <summary>The owner of the key at LiteLLM.</summary>
    public string? UserId { get; init; }

    public required string ModelName { get; init; }

    public string? ModelGroup { get; init; }

    public string? Provider { get; init; }

    public required string CallType { get; init; }

    public bool IsFailed { get; init; }

    public bool CacheHit { get; init; }

    /// <summary>All that was counted, or null when the row has no usage object.</summary>
    public ReportedUsage? Usage { get; init; }

    public long InputTokens { get; init; }

    public long OutputTokens { get; init; }

    public Money Cost { get; init; }

    public Money OutputCost { get; init; }

    public DateTime StartTime { get; init; }

    public DateTime EndTime { get; init; }

    /// <summary>Reads a row; null when it lacks an id, a start or a cost that can be.</summary>
    public static SpendRow? Read(JsonElement row)
    {
        var metadata = Metadata(row);
        var spend = LiteLlmJson.Number(row, "spend") ?? 0;
        if (Text(row, "request_id", 255) is not { } requestId || Time(row, "startTime") is not { } start || spend is < 0 or > HighestUsd)
        {
            return null;
        }
        var cost = Money.FromUsd(spend);
        var stated = LiteLlmJson.Number(LiteLlmJson.Child(metadata, "cost_breakdown"), "output_cost") ?? 0;
        var group = Text(row, "model_group", 255);
        return new SpendRow
        {
            Id = new Guid(SHA256.HashData(Encoding.UTF8.GetBytes("litellm " + requestId)).AsSpan(0, 16)).ToString(),
            RequestId = requestId,
            CallIds =
            [
                .. new[]
                {
                    requestId,
                    LiteLlmJson.Text(row, "litellm_call_id"),
                    LiteLlmJson.Text(metadata, "litellm_call_id"),
                    LiteLlmJson.Text(LiteLlmJson.Child(metadata, "spend_logs_metadata"), "gw_request_id"),
                }.OfType<string>(),
            ],
            KeyHash = LiteLlmJson.Text(row, "api_key"),
            UserId = LiteLlmJson.Text(row, "user"),
            ModelName = group ?? Text(row, "model", 255) ?? "",
            ModelGroup = group,
            Provider = Text(row, "custom_llm_provider", 100),
            CallType = Text(row, "call_type", 50) ?? "acompletion",
            IsFailed = LiteLlmJson.Text(row, "status") == "failure",
            CacheHit = LiteLlmJson.Text(row, "cache_hit") == "True",
            Usage = UsageOf(LiteLlmJson.Child(metadata, "usage_object")),
            InputTokens = Tokens(row, "prompt_tokens"),
            OutputTokens = Tokens(row, "completion_tokens"),
            Cost = cost,
            OutputCost = stated >= 0 && stated <= spend ? Money.FromUsd(stated) : Money.Zero,
            StartTime = start,
            EndTime = Time(row, "endTime") is { } end && end >= start ? end : start,
        };
    }

    // Some versions send it as a text of JSON.
    private static JsonElement Metadata(JsonElement row)
    {
        var metadata = LiteLlmJson.Child(row, "metadata");
        if (metadata.ValueKind != JsonValueKind.String)
        {
            return metadata;
        }
        return UpstreamJson.TryParse(Encoding.UTF8.GetBytes(metadata.GetString()!), out var read) ? read : default;
    }

    private static ReportedUsage? UsageOf(JsonElement usage) =>
        usage.ValueKind == JsonValueKind.Object
        && UsageReader.TryRead(JsonSerializer.SerializeToUtf8Bytes(usage), UsageShape.OpenAi, out var read)
        && !read.IsZero
            ? read
            : null;

    private static string? Text(JsonElement row, string name, int longest) =>
        LiteLlmJson.Text(row, name) is { Length: > 0 } text && text.Length <= longest && !text.Any(IsUnreadable) ? text : null;

    private static bool IsUnreadable(char letter) => char.IsControl(letter) || letter == '\uFFFD';

    private static DateTime? Time(JsonElement row, string name) =>
        LiteLlmJson.Text(row, name) is { } text && IsoTime.TryParse(text, out var time) ? time : null;

    private static long Tokens(JsonElement row, string name) =>
        LiteLlmJson.Number(row, name) is >= 0 and <= int.MaxValue and var tokens ? (long)tokens : 0;
}
