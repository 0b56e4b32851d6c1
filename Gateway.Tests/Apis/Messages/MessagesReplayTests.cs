using System.Text;
using System.Text.Json;
using Gateway.Tests.Replay;

namespace Gateway.Tests.Apis.Messages;

/// <summary>
/// Every recorded answer to Anthropic's messages once through the whole product; read here by the contract's words alone.
/// </summary>
public sealed class MessagesReplayTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private const string Path = "/v1/messages";

    // Errors about the gateway's own standing at the upstream: 502, and no word of them.
    private static readonly string[] Ours =
    [
        "keys-budget-exceeded-messages",
        "keys-model-denied-messages",
        "messages-no-key",
        "messages-upstream-401",
        "messages-wrong-key",
    ];

    // The gateway refuses these itself.
    private static readonly string[] NotForwarded = ["messages-invalid-json", "messages-missing-model", "disconnect-messages"];

    private static IEnumerable<RecordedExchange> Recorded =>
        RecordedExchange.Newer.Where(r =>
            r.CalledPath == Path && r.Status is not null && !NotForwarded.Contains(r.Name.Split('/')[^1]) && r.IsComplete
        );

    public static TheoryData<string> Answered => [.. Recorded.Where(r => r.Status == 200).Select(r => r.Name)];

    public static TheoryData<string> Failed => [.. Recorded.Where(r => r.Status != 200).Select(r => r.Name)];

    [Theory, MemberData(nameof(Answered))]
    public async Task Answer_is_passed_on_and_charged_exactly(string name)
    {
        var recorded = RecordedExchange.Load(name);
        using var response = await replay.SendAsync(ReplayAnswer.Of(recorded), recorded.RequestBody, Path);
        var client = await ReplayHub.ReadAsync(response);
        var record = await replay.RecordAsync(client);
        var text = Encoding.UTF8.GetString(recorded.Body);
        var events = recorded.IsStream ? EventsOf(text) : [text];
        var error = events.FirstOrDefault(e => TypeOf(e) == "error");
        var usage = UsageOf(events);
        Assert.Equal(200, client.Status);
        if (error is null && (!recorded.IsStream || events.Any(e => TypeOf(e) == "message_stop")))
        {
            Assert.Equal(text, Encoding.UTF8.GetString(client.Body));
            Assert.Equal(("ok", "completed", "reported"), (record.Outcome, record.Status, record.UsageSource));
            Assert.Equal(usage, Read(record));
            var cost = ModelPrices.Of(RecordedRequests.ModelOf(recorded.RequestBody)).Cost(usage, "default").Item1;
            Assert.Equal(cost, record.TotalCostNanoUsd / 1_000_000_000m);
        }
        else
        {
            // What came before the error, or the break, and one error event in Anthropic's form behind it; then the body is cut.
            var sent = Encoding.UTF8.GetString(client.Body);
            var before = error is null ? text : text[..text.IndexOf("event: error", StringComparison.Ordinal)];
            Assert.StartsWith(before, sent, StringComparison.Ordinal);
            Assert.StartsWith(
                "event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"",
                sent[before.Length..],
                StringComparison.Ordinal
            );
            Assert.DoesNotContain("litellm", sent[before.Length..], StringComparison.OrdinalIgnoreCase);
            Assert.True(client.IsCut);
            Assert.Equal(error is null ? "upstream_truncated" : "upstream_error", record.Outcome);
        }
    }

    [Theory, MemberData(nameof(Failed))]
    public async Task Error_reaches_the_client_in_Anthropics_form(string name)
    {
        var recorded = RecordedExchange.Load(name);
        var client = await replay.CallAsync(ReplayAnswer.Of(recorded), recorded.RequestBody, Path);
        using var document = JsonDocument.Parse(client.Body);
        var error = document.RootElement.GetProperty("error");
        var isOurs = Ours.Contains(name.Split('/')[^1]);
        Assert.Equal(isOurs ? 502 : recorded.Status, client.Status);
        Assert.Equal("error", document.RootElement.GetProperty("type").GetString());
        Assert.Equal(client.RequestId, document.RootElement.GetProperty("request_id").GetString());
        Assert.Equal(client.RequestId, client.Headers["request-id"]);
        Assert.Equal(TypeOf(client.Status), error.GetProperty("type").GetString());
        Assert.DoesNotContain("litellm", error.GetProperty("message").GetString()!, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(isOurs, error.TryGetProperty("gateway", out _));
        Assert.Equal(0, (await replay.RecordAsync(client)).TotalCostNanoUsd);
    }

    private static string TypeOf(int status) =>
        status switch
        {
            400 => "invalid_request_error",
            404 => "not_found_error",
            429 => "rate_limit_error",
            529 or 503 => "overloaded_error",
            >= 500 => "api_error",
            _ => "invalid_request_error",
        };

    private static string[] EventsOf(string stream) =>
        [.. stream.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)).Select(l => l[6..])];

    private static string? TypeOf(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.GetProperty("type").GetString();
    }

    // Of each number the largest: a stream tells some twice.
    private static ExpectedUsage UsageOf(string[] events)
    {
        var usages = new List<JsonElement>();
        foreach (var json in events)
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            if (root.TryGetProperty("message", out var message) && message.TryGetProperty("usage", out var begun))
            {
                usages.Add(begun.Clone());
            }
            if (root.TryGetProperty("usage", out var usage))
            {
                usages.Add(usage.Clone());
            }
        }
        long Most(Func<JsonElement, long> read) => usages.Select(read).DefaultIfEmpty().Max();
        var hour = Most(u => u.TryGetProperty("cache_creation", out var c) ? Number(c, "ephemeral_1h_input_tokens") : 0);
        return new ExpectedUsage
        {
            Input = Most(u => Number(u, "input_tokens")),
            CacheRead = Most(u => Number(u, "cache_read_input_tokens")),
            CacheWrite = Most(u => Number(u, "cache_creation_input_tokens")) - hour,
            CacheWrite1h = hour,
            Output = Most(u => Number(u, "output_tokens")),
        };
    }

    private static long Number(JsonElement parent, string name) =>
        parent.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number ? value.GetInt64() : 0;

    private static ExpectedUsage Read(Gateway.Core.Storage.Entities.UsageRecord record) =>
        new()
        {
            Input = record.Usage.Input,
            CacheRead = record.Usage.CacheRead,
            CacheWrite = record.Usage.CacheWrite,
            CacheWrite1h = record.Usage.CacheWrite1h,
            Output = record.Usage.Output + record.Usage.Reasoning,
        };
}
