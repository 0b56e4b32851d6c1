using System.Text;
using System.Text.Json;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Replay;
using Gateway.Tests.Support;

namespace Gateway.Tests.Metering;

/// <summary>
/// The surprises of LiteLLM that show in a response, by their numbers in the contract (0.1), each from a recording of it.
/// </summary>
public sealed class ContractTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(15);

    [Theory]
    [InlineData("fault-drop-stream")]
    [InlineData("fault-end-early-stream")]
    [InlineData("1.81.13/fault-sseerror-stream")]
    public async Task Contract_0_1_1_DONE_behind_an_error_is_no_success(string name)
    {
        var (client, record) = await ReplayAsync(name);
        Assert.Equal(("failed", "upstream_error", "estimated"), (record.Status, record.Outcome, record.UsageSource));
        // To a client it would mean success
        Assert.DoesNotContain("[DONE]", Encoding.UTF8.GetString(client.Body), StringComparison.Ordinal);
        Assert.True(client.IsCut);
        Assert.Equal(Answers.Estimate("Hello from the "), record.Usage.Output); // what passed before it broke
    }

    [Theory]
    [InlineData("fault-empty-stream")]
    [InlineData("upstream-in-200-stream")]
    [InlineData("1.81.13/fault-empty-stream")]
    public async Task Contract_0_1_2_stream_without_content_and_usage_failed_and_is_free(string name)
    {
        var (_, record) = await ReplayAsync(name);
        Assert.Equal(
            ("failed", "upstream_empty", "none", 0L),
            (record.Status, record.Outcome, record.UsageSource, record.TotalCostNanoUsd)
        );
    }

    [Fact]
    public async Task Contract_0_1_3_usage_zero_with_content_is_estimated()
    {
        var (_, record) = await ReplayAsync("chat-nousage");
        var request = RecordedRequests.BodyOf(RecordedExchange.Load("chat-nousage"));
        Assert.Equal(("completed", "estimated"), (record.Status, record.UsageSource));
        Assert.Equal(
            (Answers.Estimate(request), Answers.Estimate("Hello from the mock provider, all eight words.")),
            (record.Usage.Input, record.Usage.Output)
        );
    }

    [Fact]
    public async Task Contract_0_1_4_reported_cost_of_zero_is_not_free()
    {
        var client = await replay.CallAsync(ReplayAnswer.Plain(Answers.PlainBody(), Answers.CostHeader(0.0m)), Answers.PlainCall);
        var record = await replay.RecordAsync(client);
        Assert.Equal((Answers.UsageNanoUsd, 0L), (record.TotalCostNanoUsd, record.UpstreamCostNanoUsd));
    }

    [Theory]
    [InlineData("cost-provider-cost", 150_000L)] // the header, not the provider's 0.00123 in the body
    [InlineData("cost-provider-cost-stream", 150_000L)] // a stream's usage.cost
    [InlineData("opt-cache-2", 0L)] // a cache hit
    [InlineData("opt-cache-stream-2", 0L)] // a cache hit, though usage.cost shows the first call's
    [InlineData("chat-stream", null)] // not said
    public async Task Contract_0_1_5_upstream_cost_is_taken_in_the_order_of_trust(string name, long? nanoUsd)
    {
        var (_, record) = await ReplayAsync(name);
        Assert.Equal(nanoUsd, record.UpstreamCostNanoUsd);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[{\"index\":0,\"delta\":{}}]")]
    [InlineData("[{\"index\":0}]")]
    public async Task Contract_0_1_6_usage_chunk_is_known_by_its_usage_whatever_its_choices(string choices)
    {
        var answer = Answers.Stream(Answers.Chunk("Hello"), Answers.FinishChunk, Answers.UsageChunk(choices), Answers.Done);
        var client = await replay.CallAsync(answer, Answers.StreamCall);
        Assert.Equal(Answers.Chunk("Hello") + Answers.FinishChunk + Answers.Done, Encoding.UTF8.GetString(client.Body));
        Assert.Equal(
            ("reported", Answers.UsageNanoUsd),
            ((await replay.RecordAsync(client)) is var record ? record.UsageSource : "", record.TotalCostNanoUsd)
        );
    }

    [Fact]
    public async Task Contract_0_1_6_empty_choices_without_usage_are_passed_on()
    {
        var recorded = RecordedExchange.Load("fault-empty-stream");
        Assert.Contains("\"choices\":[]", Encoding.UTF8.GetString(recorded.Body), StringComparison.Ordinal);
        Assert.Equal(recorded.Body, (await replay.CallAsync(ReplayAnswer.Of(recorded), Answers.StreamCall)).Body);
    }

    [Fact]
    public async Task Contract_0_1_9_stream_whose_client_left_is_cancelled_upstream_and_charged_for_what_passed()
    {
        var never = new TaskCompletionSource();
        var answer = Answers.Stream(Answers.Chunk("Hello "), Answers.Chunk("there "), Answers.Done) with
        {
            BeforePiece = i => i < 2 ? Task.CompletedTask : never.Task,
        };
        var response = await replay.SendAsync(answer, Answers.StreamCall);
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(
            new byte[Encoding.UTF8.GetByteCount(Answers.Chunk("Hello ") + Answers.Chunk("there "))]
        );
        response.Dispose();
        await replay.Upstream.CallerLeft.WaitAsync(Patience);
        var record = await replay.Hub.RecordAsync(response);
        Assert.Equal(
            ("client_left", "estimated", Answers.Estimate(Answers.StreamCall), Answers.Estimate("Hello there ")),
            (record.Outcome, record.UsageSource, record.Usage.Input, record.Usage.Output)
        );
    }

    [Fact]
    public async Task Contract_0_1_9_plain_call_whose_client_left_is_read_to_its_end_and_charged_exactly()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var calls = replay.Upstream.Received.Count;
        using var leave = new CancellationTokenSource();
        var call = Answers.PlainCall.Replace("hi", "client that leaves", StringComparison.Ordinal);
        var pending = replay.SendAsync(
            ReplayAnswer.Plain(Answers.PlainBody()) with
            {
                BeforePiece = _ => hold.Task,
            },
            call,
            cancellationToken: leave.Token
        );
        await Eventually.TrueAsync(() => Task.FromResult(replay.Upstream.Received.Count > calls), "the call is upstream");
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => pending);
        hold.SetResult();
        var requestId = replay.Upstream.Received.Last().Headers["x-litellm-call-id"];
        var record = await replay.Hub.RecordAsync(requestId);
        Assert.Equal(("reported", Answers.UsageNanoUsd), (record.UsageSource, record.TotalCostNanoUsd));
        Assert.False(replay.Upstream.CallerLeft.IsCompleted);
    }

    [Theory]
    [InlineData("keys-budget-exceeded", 422)]
    [InlineData("keys-budget-exceeded-stream", 422)]
    [InlineData("keys-deployment-budget-2", 429)]
    public async Task Contract_0_1_10_upstream_budget_is_not_the_callers(string name, int recordedStatus)
    {
        Assert.Equal(recordedStatus, RecordedExchange.Load(name).Status);
        var (client, record) = await ReplayAsync(name);
        var text = Encoding.UTF8.GetString(client.Body);
        Assert.Equal((502, "upstream_refused", 0L), (client.Status, record.Outcome, record.TotalCostNanoUsd));
        Assert.Contains("\"code\":\"upstream_refused\"", text, StringComparison.Ordinal);
        Assert.DoesNotContain("udget has been exceeded", text, StringComparison.Ordinal);
        Assert.False(client.Headers.ContainsKey("retry-after"));
    }

    [Fact]
    public void Contract_0_1_11_idle_connections_are_dropped_before_LiteLLM_does() =>
        Assert.InRange(new UpstreamOptions().UpstreamKeepAlive, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(4.5));

    [Fact]
    public async Task Contract_0_1_13_pings_pass_and_an_error_behind_them_fails_the_call()
    {
        var (client, record) = await ReplayAsync("opt-keepalive-error");
        var text = Encoding.UTF8.GetString(client.Body);
        Assert.StartsWith(": ping\n\n", text, StringComparison.Ordinal);
        Assert.Contains("\"message\":\"Error processing stream start\"", text, StringComparison.Ordinal);
        Assert.Equal((200, "upstream_error", "none", 0L), (client.Status, record.Outcome, record.UsageSource, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task Contract_0_1_13_ping_reaches_the_client_at_once()
    {
        var hold = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var response = await replay.SendAsync(
            Answers.Stream(": ping\n\n", Answers.Chunk("Hello"), Answers.Done) with
            {
                BeforePiece = i => i == 0 ? Task.CompletedTask : hold.Task,
            },
            Answers.StreamCall
        );
        var ping = new byte[8];
        await (await response.Content.ReadAsStreamAsync()).ReadExactlyAsync(ping).AsTask().WaitAsync(Patience);
        Assert.Equal(": ping\n\n", Encoding.UTF8.GetString(ping));
        hold.SetResult();
    }

    [Fact]
    public async Task Contract_0_1_14_provider_headers_and_cookies_stop_here()
    {
        KeyValuePair<string, string>[] more =
        [
            KeyValuePair.Create("set-cookie", "a=b"),
            KeyValuePair.Create("x-ratelimit-remaining-requests", "9"),
            KeyValuePair.Create("openai-organization", "org"),
        ];
        var recorded = RecordedExchange.Load("chat-plain");
        Assert.Contains(recorded.Headers, h => h.Key == "llm_provider-set-cookie");
        var client = await replay.CallAsync(ReplayAnswer.Of(recorded with { Headers = [.. recorded.Headers, .. more] }), Answers.PlainCall);
        Assert.Equal(
            ["content-length", "content-type", "date", "x-oneui-cost-usd", "x-oneui-request-id", "x-request-id"],
            client.Headers.Keys.Order(StringComparer.Ordinal)
        );
        Assert.DoesNotContain("cookie", replay.Upstream.Received.Last().Headers.Keys);
    }

    [Theory]
    [InlineData("upstream-400")]
    [InlineData("upstream-context")]
    [InlineData("upstream-504")]
    [InlineData("routing-upstream-500")]
    [InlineData("routing-rpm-2")]
    [InlineData("routing-cooldown-3")]
    [InlineData("keys-rpm-2")]
    [InlineData("1.81.13/routing-rpm-2")]
    [InlineData("1.81.13/upstream-429")]
    [InlineData("fault-stall-stream")]
    public async Task Contract_0_1_15_errors_say_nothing_of_models_groups_and_keys(string name)
    {
        var (client, _) = await ReplayAsync(name);
        var text = Encoding.UTF8.GetString(client.Body);
        foreach (
            var word in new[]
            {
                "litellm",
                "model group",
                "allback",
                "Model Group",
                "Exception",
                "api_key: ",
                "cooldown_list",
                "Deployment Info",
                "timeout value",
            }
        )
        {
            Assert.DoesNotContain(word, text, StringComparison.OrdinalIgnoreCase);
        }
        using var recorded = JsonDocument.Parse(
            RecordedExchange.Load(name) is var r && r.IsStream
                ? Encoding.UTF8.GetString(r.Pieces[^2])[6..]
                : Encoding.UTF8.GetString(r.Body)
        );
        Assert.Contains(
            $"\"code\":\"{recorded.RootElement.GetProperty("error").GetProperty("code").GetString()}\"",
            text,
            StringComparison.Ordinal
        );
    }

    private async Task<(ClientAnswer Client, UsageRecord Record)> ReplayAsync(string name)
    {
        var recorded = RecordedExchange.Load(name);
        var client = await replay.CallAsync(
            ReplayAnswer.Of(recorded),
            RecordedRequests.BodyOf(recorded),
            RecordedRequests.PathOf(recorded)
        );
        return (client, await replay.RecordAsync(client));
    }
}
