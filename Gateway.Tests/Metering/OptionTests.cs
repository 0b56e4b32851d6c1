using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

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
        await Task.Delay(TimeSpan.FromSeconds(2.5)); // idle time is the subject
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
        Assert.DoesNotContain(
            client.Headers.Keys,
            name =>
                name.StartsWith("llm_provider-", StringComparison.Ordinal)
                || name.StartsWith("x-ratelimit-", StringComparison.Ordinal)
                || name.Contains("cookie", StringComparison.Ordinal)
        );
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
