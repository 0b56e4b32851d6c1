using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

/// <summary>The hub with the options that change what crosses to and from LiteLLM.</summary>
public sealed class OptionReplayHub : ReplayHub
{
    public const int PlainHoldBytes = 1_000;

    protected override IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>
    {
        ["LITELLM_NUM_RETRIES"] = "0",
        ["FORWARD_LITELLM_HEADERS"] = "true",
        ["UPSTREAM_KEEPALIVE_SECONDS"] = "2",
        ["PLAIN_HOLD_BYTES"] = "1000",
    };
}

/// <summary>What the options change, and what they leave.</summary>
public sealed class OptionTests(OptionReplayHub replay) : IClassFixture<OptionReplayHub>
{
    private static readonly ReplayAnswer Answer = ReplayAnswer.Plain(Answers.PlainBody());

    [Fact]
    public async Task Contract_0_1_7_retries_are_sent_when_set()
    {
        await replay.CallAsync(Answer, Answers.PlainCall);
        Assert.Equal("0", replay.Upstream.Received.Last().Headers["x-litellm-num-retries"]);
    }

    [Fact]
    public async Task Contract_0_1_11_connection_idle_for_longer_than_the_option_is_not_used_again()
    {
        await replay.CallAsync(Answer, Answers.PlainCall);
        await replay.CallAsync(Answer, Answers.PlainCall);
        await Task.Delay(TimeSpan.FromSeconds(2.5));   // idle time is the subject
        Assert.Equal(200, (await replay.CallAsync(Answer, Answers.PlainCall)).Status);
        var connections = replay.Upstream.Received.TakeLast(3).Select(call => call.ConnectionId).ToList();
        Assert.Equal(connections[0], connections[1]);
        Assert.NotEqual(connections[1], connections[2]);
    }

    [Fact]
    public async Task LiteLLM_headers_pass_when_the_option_says_so_and_nothing_else_with_them()
    {
        var recorded = RecordedExchange.Load("chat-plain");
        var client = await replay.CallAsync(ReplayAnswer.Of(recorded), Answers.PlainCall);
        Assert.Equal(recorded.Header("x-litellm-model-id"), client.Headers["x-litellm-model-id"]);
        Assert.DoesNotContain(client.Headers.Keys, name => name.StartsWith("llm_provider-", StringComparison.Ordinal) || name.StartsWith("x-ratelimit-", StringComparison.Ordinal) || name.Contains("cookie", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(OptionReplayHub.PlainHoldBytes, true)]
    [InlineData(OptionReplayHub.PlainHoldBytes + 1, false)]
    public async Task PLAIN_HOLD_BYTES_is_the_largest_answer_that_carries_its_cost(int bytes, bool hasCost)
    {
        var body = Answers.PlainBody(content: new string('x', bytes - Answers.PlainBody(content: "").Length));
        var client = await replay.CallAsync(ReplayAnswer.Plain(body), Answers.PlainCall);
        Assert.Equal(body, client.Body);
        Assert.Equal(hasCost, client.Headers.ContainsKey("x-oneui-cost-usd"));
        Assert.Equal(Answers.UsageNanoUsd, (await replay.RecordAsync(client)).TotalCostNanoUsd);
    }
}

/// <summary>What the gateway says of itself to the upstream, and keeps from it.</summary>
public sealed class UpstreamHeaderTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    [Fact]
    public async Task Retries_are_left_to_LiteLLM_when_not_set()
    {
        await replay.CallAsync(ReplayAnswer.Plain(Answers.PlainBody()), Answers.PlainCall);
        Assert.DoesNotContain("x-litellm-num-retries", replay.Upstream.Received.Last().Headers.Keys);
    }

    [Fact]
    public async Task Upstream_sees_its_own_key_and_the_request_id_and_not_the_clients_key()
    {
        var client = await replay.CallAsync(ReplayAnswer.Plain(Answers.PlainBody()), Answers.PlainCall);
        var headers = replay.Upstream.Received.Last().Headers;
        Assert.Equal("Bearer " + ReplayHub.UpstreamKey, headers["authorization"]);
        Assert.Equal(client.RequestId, headers["x-litellm-call-id"]);
        Assert.DoesNotContain(headers.Values, value => value.Contains(replay.Hub.ApiKey, StringComparison.Ordinal));
        Assert.Empty(headers.Keys.Except(["host", "authorization", "accept", "content-type", "content-length", "x-litellm-call-id", "traceparent"]));
    }
}
