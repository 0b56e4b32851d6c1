using System.Text;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;

namespace Gateway.Tests.Replay;

/// <summary>
/// Every recorded answer of a real LiteLLM once through the whole product: what the client gets, and what the ledger says of it.
/// </summary>
public sealed class ReplayTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    // What a client may see beside what the gateway itself puts there.
    private static readonly string[] KnownHeaders =
    [
        "date",
        "content-type",
        "content-length",
        "transfer-encoding",
        "cache-control",
        "x-accel-buffering",
        "x-content-type-options",
        "retry-after",
        "x-oneui-request-id",
        "x-request-id",
        "x-oneui-cost-usd",
        "x-oneui-origin",
    ];

    public static TheoryData<string> Names =>
        [.. RecordedExchange.All.Where(recorded => recorded.Status is not null).Select(recorded => recorded.Name)];

    [Theory, MemberData(nameof(Names))]
    public async Task Recorded_answer_is_passed_on_and_charged_exactly(string name) =>
        await CheckAsync(replay, RecordedExchange.Load(name));

    [Fact]
    public void Every_recording_without_an_answer_is_one_whose_client_left() =>
        Assert.Equal(
            ["1.81.13/disconnect-plain", "disconnect-plain", "opt-disconnect-plain"],
            RecordedExchange.All.Where(recorded => recorded.Status is null).Select(recorded => recorded.Name)
        );

    internal static async Task CheckAsync(ReplayHub replay, RecordedExchange recorded)
    {
        var body = RecordedRequests.BodyOf(recorded);
        var expected = ExpectedCall.Of(recorded, body);
        var allSent = new TaskCompletionSource();
        var answer = ReplayAnswer.Of(recorded) with { BeforeEnd = recorded.IsComplete ? null : () => allSent.Task };
        using var response = await replay.SendAsync(answer, body, RecordedRequests.PathOf(recorded));
        var client = recorded.IsComplete
            ? await ReplayHub.ReadAsync(response)
            : await ReadCutAsync(response, expected.Body!.Length, allSent);
        CheckAnswer(recorded, expected, client);
        CheckHeaders(recorded, expected, client);
        CheckRecord(recorded, expected, await replay.RecordAsync(client));
    }

    // The connection is cut only when everything before the cut has arrived: a reset may overtake bytes.
    private static async Task<ClientAnswer> ReadCutAsync(HttpResponseMessage response, int length, TaskCompletionSource allSent)
    {
        var stream = await response.Content.ReadAsStreamAsync();
        var start = new byte[length];
        await stream.ReadExactlyAsync(start);
        allSent.SetResult();
        var (rest, isCut) = await stream.ReadAsFarAsItComesAsync();
        var headers = response
            .Headers.Concat(response.Content.Headers)
            .ToDictionary(h => h.Key.ToLowerInvariant(), h => string.Join(", ", h.Value));
        return new ClientAnswer((int)response.StatusCode, headers, [.. start, .. rest]) { IsCut = isCut };
    }

    private static void CheckAnswer(RecordedExchange recorded, ExpectedCall expected, ClientAnswer client)
    {
        Assert.Equal((expected.Status, expected.IsCut), (client.Status, client.IsCut));
        if (expected.Error is { } error)
        {
            using var document = JsonDocument.Parse(client.Body);
            var sent = document.RootElement.GetProperty("error");
            Assert.Equal(
                error,
                (
                    sent.GetProperty("message").GetString()!,
                    sent.GetProperty("type").GetString(),
                    sent.GetProperty("param").GetString(),
                    sent.GetProperty("code").GetString()
                )
            );
            Assert.Equal(expected.Outcome == "upstream_refused", sent.TryGetProperty("gateway", out _));
        }
        else if (expected.EndsWithOwnError)
        {
            Assert.Equal(Encoding.UTF8.GetString(expected.Body!), Encoding.UTF8.GetString(client.Body, 0, expected.Body!.Length));
            var tail = Encoding.UTF8.GetString(client.Body, expected.Body.Length, client.Body.Length - expected.Body.Length);
            Assert.Matches(
                "^data: \\{\"error\":\\{[^\n]*\"code\":\"upstream_truncated\",\"gateway\":\\{\"origin\":\"gateway\",\"request_id\":\""
                    + client.RequestId
                    + "\"\\}\\}\\}\n\n$",
                tail
            );
        }
        else
        {
            Assert.Equal(Encoding.UTF8.GetString(expected.Body!), Encoding.UTF8.GetString(client.Body));
        }
        Assert.Equal(
            recorded.Header("content-type") ?? "",
            expected.Error is null ? client.Headers["content-type"] : recorded.Header("content-type") ?? ""
        );
    }

    private static void CheckHeaders(RecordedExchange recorded, ExpectedCall expected, ClientAnswer client)
    {
        Assert.Empty(client.Headers.Keys.Except(KnownHeaders.Concat(LimiterHeaders(recorded))));
        Assert.Equal(client.RequestId, client.Headers["x-request-id"]);
        Assert.Equal(expected.Error is null && !recorded.IsStream, client.Headers.ContainsKey("x-oneui-cost-usd"));
        if (client.Headers.TryGetValue("x-oneui-cost-usd", out var cost))
        {
            Assert.Equal(expected.TotalCost, decimal.Parse(cost, System.Globalization.CultureInfo.InvariantCulture));
        }
        Assert.Equal(
            expected is { Error: not null, Outcome: "upstream_error" } ? "upstream" : null,
            client.Headers.GetValueOrDefault("x-oneui-origin")
        );
        if (expected.Outcome == "upstream_error" && recorded.Status is 429 or 503)
        {
            Assert.Equal(
                recorded.Header("retry-after") ?? recorded.Header("llm_provider-retry-after"),
                client.Headers.GetValueOrDefault("retry-after")
            );
        }
    }

    // LiteLLM's own limiter tells its kind and reset beside Retry-After; they pass, like any header that has nothing to hide.
    private static string[] LimiterHeaders(RecordedExchange recorded) =>
        recorded.Header("rate_limit_type") is null ? [] : ["rate_limit_type", "reset_at"];

    private static void CheckRecord(RecordedExchange recorded, ExpectedCall expected, UsageRecord record)
    {
        Assert.Equal((expected.Outcome, expected.RecordStatus, expected.Status), (record.Outcome, record.Status, record.HttpStatus));
        Assert.Equal(expected.UsageSource, record.UsageSource);
        Assert.Equal(
            expected.Usage,
            new ExpectedUsage
            {
                Input = record.Usage.Input,
                CacheRead = record.Usage.CacheRead,
                CacheWrite = record.Usage.CacheWrite,
                CacheWrite1h = record.Usage.CacheWrite1h,
                InputAudio = record.Usage.InputAudio,
                InputImage = record.Usage.InputImage,
                Output = record.Usage.Output,
                Reasoning = record.Usage.Reasoning,
                OutputAudio = record.Usage.OutputAudio,
                WebSearches = record.Usage.Items.WebSearches,
            }
        );
        Assert.Equal(expected.ServiceTier, record.ServiceTier);
        Assert.Equal(expected.AnswerId, record.ExternalRequestId);
        Assert.Equal(
            (expected.TotalCost, expected.OutputCost),
            (record.TotalCostNanoUsd / 1_000_000_000m, record.OutputCostNanoUsd / 1_000_000_000m)
        );
        Assert.Equal(record.TotalCostNanoUsd - record.OutputCostNanoUsd, record.InputCostNanoUsd);
        Assert.Equal(expected.UpstreamCost, record.UpstreamCostNanoUsd / 1_000_000_000m);
        Assert.Equal(recorded.Header("x-litellm-model-id"), record.UpstreamModelId);
        Assert.Equal(1, record.Attempts);
    }
}
