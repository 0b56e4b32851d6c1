using System.Text;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Replay;
using Gateway.Tests.Support;

namespace Gateway.Tests.Metering;

/// <summary>The same through the real relay: each part of a cut stream is an HTTP chunk of its own.</summary>
public sealed class StreamCutsOverHttpTests(ReplayHub replay) : IClassFixture<ReplayHub>
{
    private static readonly string Frames =
        Answers.Chunk("Grüße, 世界 👋🏽")
        + Answers.FinishChunk
        + Answers.UsageChunk(
            usage: """{"prompt_tokens":2000,"completion_tokens":300,"prompt_tokens_details":{"cached_tokens":1500},"completion_tokens_details":{"reasoning_tokens":250},"cost":0.00625}"""
        )
        + Answers.Done;

    public static TheoryData<bool, bool> Kinds =>
        new()
        {
            { false, false },
            { false, true },
            { true, false },
            { true, true },
        };

    [Theory, MemberData(nameof(Kinds))]
    public async Task Stream_is_passed_and_charged_the_same_wherever_it_is_cut(bool asked, bool crlf)
    {
        var stream = Answers.Utf8(crlf ? Frames.Replace("\n", "\r\n", StringComparison.Ordinal) : Frames);
        var call = (asked ? Answers.StreamCallWithUsage : Answers.StreamCall).Replace(
            "\"chat\"",
            "\"cachedreasoning-full\"",
            StringComparison.Ordinal
        );
        var whole = await CallAsync(ReplayAnswer.Stream(stream), call);
        Assert.Equal(
            (500, 1500, 50, 250, 6_250_000),
            (
                whole.Record.Usage.Input,
                whole.Record.Usage.CacheRead,
                whole.Record.Usage.Output,
                whole.Record.Usage.Reasoning,
                whole.Record.TotalCostNanoUsd
            )
        );
        Assert.Equal(asked, whole.Text.Contains("usage", StringComparison.Ordinal));
        foreach (var cut in Cuts(stream))
        {
            var parted = await CallAsync(ReplayAnswer.Stream(stream[..cut], stream[cut..]), call);
            Assert.Equal(whole.Text, parted.Text);
            Assert.Equal(Figures(whole.Record), Figures(parted.Record));
        }
    }

    [Fact]
    public async Task Oddly_framed_streams_of_the_sandbox_are_charged_as_the_usual_ones()
    {
        await using var hub = await HubHost.StartAsync();
        foreach (
            var (model, sibling) in new[]
            {
                ("sandbox-split-1", "sandbox-split-1000"),
                ("sandbox-split-7", "sandbox-split-1000"),
                ("sandbox-crlf", "sandbox-chat"),
            }
        )
        {
            foreach (var asked in new[] { false, true })
            {
                var odd = await CallSandboxAsync(hub, model, asked);
                var usual = await CallSandboxAsync(hub, sibling, asked);
                Assert.Equal(Contents(usual.Text), Contents(odd.Text));
                Assert.Equal(asked, odd.Text.Contains("\"usage\":{", StringComparison.Ordinal));
                Assert.Equal("reported", odd.Record.UsageSource);
                Assert.Equal(Tokens(usual.Record), Tokens(odd.Record));
                Assert.EndsWith(model == "sandbox-crlf" ? "data: [DONE]\r\n\r\n" : "data: [DONE]\n\n", odd.Text, StringComparison.Ordinal);
            }
        }
    }

    // Around every line end, inside the first text of several bytes, inside "data:", "usage" and "[DONE]".
    private static IEnumerable<int> Cuts(byte[] stream)
    {
        var ends = Enumerable.Range(1, stream.Length - 1).Where(i => stream[i - 1] is (byte)'\n' or (byte)'\r');
        var text = stream.AsSpan().IndexOf("Gr"u8);
        var usage = stream.AsSpan().IndexOf("\"usage\""u8);
        return ends.Concat(ends.Select(i => i + 3))
            .Concat(Enumerable.Range(text, 12))
            .Concat([usage, usage + 1, usage + 4, usage + 12, stream.Length - 6])
            .Where(i => i < stream.Length)
            .Distinct();
    }

    private async Task<(string Text, UsageRecord Record)> CallAsync(ReplayAnswer answer, string call)
    {
        var client = await replay.CallAsync(answer, call);
        return (Encoding.UTF8.GetString(client.Body), await replay.RecordAsync(client));
    }

    private static async Task<(string Text, UsageRecord Record)> CallSandboxAsync(HubHost hub, string model, bool asked)
    {
        var call = (asked ? Answers.StreamCallWithUsage : Answers.StreamCall).Replace("\"chat\"", $"\"{model}\"", StringComparison.Ordinal);
        using var response = await hub.Client.PostAsync(ReplayHub.Chat, new StringContent(call, Encoding.UTF8, "application/json"));
        Assert.Equal(200, (int)response.StatusCode);
        return (await response.Content.ReadAsStringAsync(), await hub.RecordAsync(response));
    }

    private static string Contents(string stream) =>
        string.Concat(
            System.Text.RegularExpressions.Regex.Matches(stream, "\"content\":\"([^\"]*)\"").Select(match => match.Groups[1].Value)
        );

    private static (string, string, string, string?, string, long?) Figures(UsageRecord record) =>
        (record.Outcome, record.Status, record.UsageSource, record.ExternalRequestId, Tokens(record), record.UpstreamCostNanoUsd);

    private static string Tokens(UsageRecord record) =>
        $"{record.Usage.Input} {record.Usage.CacheRead} {record.Usage.Output} {record.Usage.Reasoning} {record.TotalCostNanoUsd} "
        + $"{record.OutputCostNanoUsd}";
}
