using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Gateway.Tests.Replay;

/// <summary>
/// What a recorded answer ought to become at the client and in the ledger. Read here with <see cref="JsonDocument"/> from the contract's
/// words alone: nothing of the product's own readers, meters or prices is used.
/// </summary>
internal sealed class ExpectedCall
{
    public int Status { get; private set; } = 200;

    /// <summary>The exact bytes for the client; null when it gets an error, see <see cref="Error"/>.</summary>
    public byte[]? Body { get; private set; }

    /// <summary>message, type, param, code of a plain error answer.</summary>
    public (string Message, string? Type, string? Param, string? Code)? Error { get; private set; }

    /// <summary>Whether the answer ends with an error event of the gateway's own, behind <see cref="Body"/>.</summary>
    public bool EndsWithOwnError { get; private set; }

    /// <summary>The body breaks off: a stream that failed must not look like a whole one to anybody.</summary>
    public bool IsCut { get; private set; }

    public string Outcome { get; private set; } = "ok";

    public string RecordStatus { get; private set; } = "completed";

    public string UsageSource { get; private set; } = "none";

    public ExpectedUsage Usage { get; private set; } = new();

    public string ServiceTier { get; private set; } = "default";

    public string? AnswerId { get; private set; }

    public decimal? UpstreamCost { get; private set; }

    public decimal TotalCost { get; private set; }

    public decimal OutputCost { get; private set; }

    public static ExpectedCall Of(RecordedExchange recorded, string requestBody)
    {
        var expected = new ExpectedCall();
        if (recorded.Status >= 400)
        {
            expected.ReadError(recorded);
        }
        else if (recorded.IsStream)
        {
            expected.ReadStream(recorded, requestBody);
        }
        else
        {
            expected.ReadPlain(recorded, requestBody);
        }
        if (expected.UsageSource != "none")
        {
            (expected.TotalCost, expected.OutputCost) = ModelPrices
                .Of(RecordedRequests.ModelOf(requestBody))
                .Cost(expected.Usage, expected.ServiceTier);
        }
        return expected;
    }

    private void ReadError(RecordedExchange recorded)
    {
        RecordStatus = "failed";
        if (ProviderSentences.Ours.Contains(recorded.Name))
        {
            Status = 502;
            Outcome = "upstream_refused";
            Error = (
                "The upstream refused the gateway's own credential or budget. The gateway's operator must fix this.",
                "server_error",
                null,
                "upstream_refused"
            );
            return;
        }
        Status = recorded.Status!.Value;
        Outcome = "upstream_error";
        Error = ErrorOf(recorded, recorded.Body, Status);
    }

    private void ReadPlain(RecordedExchange recorded, string requestBody)
    {
        Body = recorded.Body;
        using var document = JsonDocument.Parse(Body);
        Take(document.RootElement);
        var contentBytes = ContentBytes(document.RootElement);
        var isEmbedding = document.RootElement.TryGetProperty("data", out _);
        Judge(contentBytes > 0 || isEmbedding, contentBytes, requestBody);
        UpstreamCost =
            recorded.Header("x-litellm-cache-key") is not null ? 0
            : recorded.Header("x-litellm-response-cost") is { } cost
                ? Nano(decimal.Parse(cost, NumberStyles.Float, CultureInfo.InvariantCulture))
            : null;
    }

    private void ReadStream(RecordedExchange recorded, string requestBody)
    {
        var asked = RecordedRequests.AsksForUsage(requestBody);
        using var body = new MemoryStream();
        decimal? cost = null;
        long contentBytes = 0;
        bool failed = false,
            done = false;
        foreach (
            var frame in Encoding
                .UTF8.GetString(recorded.Body)
                .Split("\n\n", StringSplitOptions.RemoveEmptyEntries)
                .Select(text => text + "\n\n")
        )
        {
            done |= frame == "data: [DONE]\n\n";
            if (!frame.StartsWith("data: {", StringComparison.Ordinal))
            {
                body.Write(Encoding.UTF8.GetBytes(frame));
                continue;
            }
            using var document = JsonDocument.Parse(frame[6..]);
            var chunk = document.RootElement;
            if (chunk.TryGetProperty("error", out _))
            {
                failed = true;
                body.Write(ErrorFrame(recorded, frame[6..]));
                break; // nothing goes on behind an error
            }
            Take(chunk);
            contentBytes += ContentBytes(chunk);
            var hasUsage = chunk.TryGetProperty("usage", out var usage) && usage.ValueKind == JsonValueKind.Object;
            cost = hasUsage && usage.TryGetProperty("cost", out var reported) ? Nano(reported.GetDecimal()) : cost;
            if (!hasUsage || asked)
            {
                body.Write(Encoding.UTF8.GetBytes(frame));
            }
        }
        Body = body.ToArray();
        UpstreamCost = recorded.Header("x-litellm-cache-key") is not null ? 0 : cost;
        Judge(contentBytes > 0, contentBytes, requestBody);
        if (failed)
        {
            Outcome = "upstream_error";
            RecordStatus = "failed";
            IsCut = true;
        }
        else if (!recorded.IsComplete || !done)
        {
            Outcome = "upstream_truncated";
            EndsWithOwnError = true;
            IsCut = true;
        }
    }

    private static byte[] ErrorFrame(RecordedExchange recorded, string data)
    {
        var (message, type, param, code) = ErrorOf(recorded, Encoding.UTF8.GetBytes(data), 500);
        var json =
            "{\"error\":{" + $"\"message\":{Text(message)},\"type\":{Text(type)},\"param\":{Text(param)},\"code\":{Text(code)}" + "}}";
        return Encoding.UTF8.GetBytes("data: " + json + "\n\n");
    }

    // None of the recorded sentences needs more escaping than this.
    private static string Text(string? text) =>
        text is null
            ? "null"
            : "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static (string Message, string? Type, string? Param, string? Code) ErrorOf(RecordedExchange recorded, byte[] body, int status)
    {
        string? type = null,
            param = null,
            code = null;
        if (body[0] == (byte)'{')
        {
            using var document = JsonDocument.Parse(body);
            var error = document.RootElement.GetProperty("error");
            (type, param, code) = (Said(error, "type"), Said(error, "param"), Said(error, "code"));
        }
        return (
            ProviderSentences.Of(recorded.Name),
            type
                ?? (
                    status == 429 ? "rate_limit_error"
                    : status < 500 ? "invalid_request_error"
                    : "server_error"
                ),
            param,
            code ?? "upstream_error"
        );
    }

    // 1.81 writes "None" for nothing.
    private static string? Said(JsonElement error, string name) =>
        error.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is not "None"
            ? value.GetString()
            : null;

    // Contract 0.1: content with usage zero (or none) is estimated, neither content nor usage is a failure and free.
    private void Judge(bool hasContent, long contentBytes, string requestBody)
    {
        if (UsageSource == "reported")
        {
            return;
        }
        if (hasContent)
        {
            UsageSource = "estimated";
            Usage = new ExpectedUsage { Input = (Encoding.UTF8.GetByteCount(requestBody) + 3) / 4, Output = (contentBytes + 3) / 4 };
            return;
        }
        Outcome = "upstream_empty";
        RecordStatus = "failed";
    }

    private void Take(JsonElement answer)
    {
        AnswerId ??= answer.TryGetProperty("id", out var id) && id.ValueKind == JsonValueKind.String ? id.GetString() : null;
        if (answer.TryGetProperty("service_tier", out var tier) && tier.ValueKind == JsonValueKind.String)
        {
            ServiceTier = tier.GetString() is "flex" or "priority" or "batch" ? tier.GetString()! : "default";
        }
        if (
            answer.TryGetProperty("usage", out var usage)
            && usage.ValueKind == JsonValueKind.Object
            && (Number(usage, "prompt_tokens") > 0 || Number(usage, "completion_tokens") > 0)
        )
        {
            Usage = UsageOf(usage);
            UsageSource = "reported";
        }
    }

    /// <summary>
    /// A usage object of chat, completions or embeddings in disjoint classes: cached, written and media tokens are inside the prompt,
    /// thoughts and audio inside the answer.
    /// </summary>
    public static ExpectedUsage UsageOf(JsonElement usage)
    {
        var prompt = usage.TryGetProperty("prompt_tokens_details", out var details) ? details : default;
        var completion = usage.TryGetProperty("completion_tokens_details", out var said) ? said : default;
        var written =
            prompt.ValueKind == JsonValueKind.Object && prompt.TryGetProperty("cache_creation_token_details", out var lifetimes)
                ? lifetimes
                : default;
        var read = Math.Max(
            Number(prompt, "cached_tokens"),
            Math.Max(Number(usage, "cache_read_input_tokens"), Number(usage, "prompt_cache_hit_tokens"))
        );
        var write = Math.Max(
            Number(prompt, "cache_creation_tokens"),
            Math.Max(Number(prompt, "cache_write_tokens"), Number(usage, "cache_creation_input_tokens"))
        );
        var writeHour = Number(written, "ephemeral_1h_input_tokens");
        var audioIn = Number(prompt, "audio_tokens");
        var imageIn = Number(prompt, "image_tokens");
        var thought = Number(completion, "reasoning_tokens");
        var audioOut = Number(completion, "audio_tokens");
        return new ExpectedUsage
        {
            Input = Number(usage, "prompt_tokens") - read - write - audioIn - imageIn,
            CacheRead = read,
            CacheWrite = write - writeHour,
            CacheWrite1h = writeHour,
            InputAudio = audioIn,
            InputImage = imageIn,
            Output = Number(usage, "completion_tokens") - thought - audioOut,
            Reasoning = thought,
            OutputAudio = audioOut,
            WebSearches = usage.TryGetProperty("server_tool_use", out var tools) ? Number(tools, "web_search_requests") : 0,
        };
    }

    private static long Number(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            ? value.GetInt64()
            : 0;

    private static long ContentBytes(JsonElement answer)
    {
        if (!answer.TryGetProperty("choices", out var choices) || choices.ValueKind != JsonValueKind.Array)
        {
            return 0;
        }
        long bytes = 0;
        foreach (var choice in choices.EnumerateArray())
        {
            bytes += TextBytes(choice, "text");
            foreach (
                var message in new[] { "message", "delta" }.Where(name => choice.TryGetProperty(name, out _)).Select(choice.GetProperty)
            )
            {
                bytes += TextBytes(message, "content") + TextBytes(message, "refusal") + TextBytes(message, "reasoning_content");
                if (message.TryGetProperty("tool_calls", out var calls) && calls.ValueKind == JsonValueKind.Array)
                {
                    bytes += calls
                        .EnumerateArray()
                        .Sum(call =>
                            TextBytes(call.GetProperty("function"), "name") + TextBytes(call.GetProperty("function"), "arguments")
                        );
                }
            }
        }
        return bytes;
    }

    private static long TextBytes(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var text) && text.ValueKind == JsonValueKind.String
            ? Encoding.UTF8.GetByteCount(text.GetString()!)
            : 0;

    private static decimal Nano(decimal usd) => Math.Round(usd, 9, MidpointRounding.AwayFromZero);
}
