using Gateway.Tests.Replay;

namespace Gateway.Tests.Metering;

/// <summary>
/// A plain answer up to PLAIN_HOLD_BYTES is held and carries its cost; a larger one streams through. Both are charged exactly.
/// </summary>
public sealed class LargeAnswerTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private const int HoldBytes = 256 * 1024; // the default

    [Theory]
    [InlineData(HoldBytes - 1, true, true)]
    [InlineData(HoldBytes, true, true)]
    [InlineData(HoldBytes + 1, true, false)]
    [InlineData(HoldBytes, false, true)]
    [InlineData(HoldBytes + 1, false, false)]
    [InlineData(3 * 1024 * 1024, true, false)]
    [InlineData(3 * 1024 * 1024, false, false)]
    public async Task Answer_is_charged_exactly_and_carries_its_cost_up_to_the_limit(int bytes, bool hasLength, bool hasCost)
    {
        var body = Answers.PlainBody(content: new string('x', bytes - Answers.PlainBody(content: "").Length));
        Assert.Equal(bytes, body.Length);
        var client = await replay.CallAsync(AnswerOf(body, hasLength), Answers.PlainCall);
        Assert.True(body.AsSpan().SequenceEqual(client.Body));
        Assert.Equal(hasCost ? "0.00015" : null, client.Headers.GetValueOrDefault("x-oneui-cost-usd"));
        Assert.Equal(
            hasCost || hasLength ? bytes.ToString(System.Globalization.CultureInfo.InvariantCulture) : null,
            client.Headers.GetValueOrDefault("content-length")
        );
        var record = await replay.RecordAsync(client);
        Assert.Equal(
            ("ok", "reported", 20, 10, Answers.UsageNanoUsd),
            (record.Outcome, record.UsageSource, record.Usage.Input, record.Usage.Output, record.TotalCostNanoUsd)
        );
    }

    [Fact]
    public async Task Large_answer_that_breaks_off_is_cut_for_the_client_too_and_charged_as_estimated()
    {
        var whole = Answers.PlainBody(content: new string('x', 2 * 1024 * 1024));
        var sent = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var half = whole[..(1024 * 1024)];
        var answer = AnswerOf(half, hasLength: false) with { Ends = false, BeforeEnd = () => sent.Task };
        using var response = await replay.SendAsync(answer, Answers.PlainCall);
        var stream = await response.Content.ReadAsStreamAsync();
        await stream.ReadExactlyAsync(new byte[HoldBytes]);
        sent.SetResult();
        await Assert.ThrowsAnyAsync<IOException>(() => stream.CopyToAsync(Stream.Null));
        var record = await Gateway.Tests.Support.HubLedger.RecordAsync(replay.Hub, response);
        Assert.Equal(("upstream_truncated", "estimated"), (record.Outcome, record.UsageSource));
        Assert.InRange(record.Usage.Output, HoldBytes / 4 - 100, half.Length / 4);
    }

    private static ReplayAnswer AnswerOf(byte[] body, bool hasLength)
    {
        var answer = ReplayAnswer.Plain(body);
        return hasLength ? answer : answer with { Headers = [.. answer.Headers.Where(h => h.Key != "content-length")] };
    }
}
