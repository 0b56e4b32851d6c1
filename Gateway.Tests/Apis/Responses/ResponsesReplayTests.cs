using System.Text;
using System.Text.Json;
using Gateway.Tests.Replay;

namespace Gateway.Tests.Apis.Responses;

/// <summary>Every recorded answer to responses once through the whole product; read here by the contract's words alone.</summary>
public sealed class ResponsesReplayTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private const string Path = "/v1/responses";

    private static IEnumerable<RecordedExchange> Recorded =>
        RecordedExchange.Newer.Where(r =>
            r.CalledPath == Path
            && r.Status is not null
            && r.Name is not ("responses-missing-model" or "responses-metadata")
            && r.IsComplete
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
        var sent = Encoding.UTF8.GetString(client.Body);
        Assert.Equal(200, client.Status);
        if (FinalOf(recorded, text) is { } final)
        {
            var usage = UsageOf(final.GetProperty("usage"));
            Assert.Equal(text, sent);
            Assert.Equal(("ok", "reported"), (record.Outcome, record.UsageSource));
            Assert.Equal(
                usage,
                new ExpectedUsage
                {
                    Input = record.Usage.Input,
                    CacheRead = record.Usage.CacheRead,
                    Output = record.Usage.Output,
                    Reasoning = record.Usage.Reasoning,
                }
            );
            var cost = ModelPrices.Of(RecordedRequests.ModelOf(recorded.RequestBody)).Cost(usage, "default").Item1;
            Assert.Equal(cost, record.TotalCostNanoUsd / 1_000_000_000m);
            Assert.StartsWith("resp_", record.ExternalRequestId, StringComparison.Ordinal);
        }
        else
        {
            Assert.Contains("event: response.failed\ndata: {\"type\":\"response.failed\",\"response\":", sent, StringComparison.Ordinal);
            Assert.DoesNotContain("litellm", sent, StringComparison.OrdinalIgnoreCase);
            Assert.True(client.IsCut);
            Assert.Contains(record.Outcome, (string[])["upstream_error", "upstream_truncated"]);
        }
    }

    [Theory, MemberData(nameof(Failed))]
    public async Task Error_is_passed_on_in_OpenAIs_form_and_free(string name)
    {
        var recorded = RecordedExchange.Load(name);
        var client = await replay.CallAsync(ReplayAnswer.Of(recorded), recorded.RequestBody, Path);
        using var document = JsonDocument.Parse(client.Body);
        Assert.Equal(name.Contains("budget", StringComparison.Ordinal) ? 502 : recorded.Status, client.Status);
        var message = document.RootElement.GetProperty("error").GetProperty("message").GetString()!;
        Assert.DoesNotContain("litellm", message, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(0, (await replay.RecordAsync(client)).TotalCostNanoUsd);
    }

    // The whole response that a plain answer is, or that the last event of a stream holds; null when it failed or broke off.
    private static JsonElement? FinalOf(RecordedExchange recorded, string text)
    {
        if (!recorded.IsStream)
        {
            return JsonElement.Parse(text);
        }
        foreach (var line in text.Split('\n').Where(l => l.StartsWith("data: {", StringComparison.Ordinal)))
        {
            var root = JsonElement.Parse(line[6..]);
            if (root.GetProperty("type").GetString() is "response.completed" or "response.incomplete")
            {
                return root.GetProperty("response");
            }
        }
        return null;
    }

    private static ExpectedUsage UsageOf(JsonElement usage)
    {
        var cached = Number(usage, "input_tokens_details", "cached_tokens");
        var thought = Number(usage, "output_tokens_details", "reasoning_tokens");
        return new ExpectedUsage
        {
            Input = usage.GetProperty("input_tokens").GetInt64() - cached,
            CacheRead = cached,
            Output = usage.GetProperty("output_tokens").GetInt64() - thought,
            Reasoning = thought,
        };
    }

    private static long Number(JsonElement usage, string place, string name) =>
        usage.TryGetProperty(place, out var details)
        && details.ValueKind == JsonValueKind.Object
        && details.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
            ? value.GetInt64()
            : 0;
}
