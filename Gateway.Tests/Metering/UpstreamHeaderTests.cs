using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

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
        Assert.Empty(
            headers.Keys.Except(["host", "authorization", "accept", "content-type", "content-length", "x-litellm-call-id", "traceparent"])
        );
    }
}
