using System.Net;
using System.Net.Sockets;
using Gateway.Tests.Support;

namespace Gateway.Tests.Upstream;

/// <summary>Several upstreams: a call goes to another one while not one byte of an answer has come.</summary>
public sealed class DestinationTests
{
    [Fact]
    public async Task A_call_goes_to_the_other_destination_when_one_is_down_and_is_charged_once()
    {
        await using var alive = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(DeadAddress(), alive.Address);
        for (var i = 0; i < 6; i++)
        {
            var body = InferenceCalls.Chat("fake", ",\"x\":" + i);
            var answer = await hub.Client.ChatAsync(body);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Equal(body, alive.Calls[^1].Text);
            Assert.Equal(FakeUpstream.UsageCostNanoUsd, (await hub.RecordAsync(answer)).TotalCostNanoUsd);
        }
        Assert.Equal(6, alive.Calls.Count);
    }

    [Theory, InlineData(502), InlineData(503)]
    public async Task An_upstream_that_cannot_now_hands_the_same_body_to_the_other(int status)
    {
        await using var first = await FakeUpstream.StartAsync();
        await using var second = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(first.Address, second.Address);
        var asked = 0;
        first.Answer = second.Answer = http =>
            Interlocked.Increment(ref asked) == 1
                ? FakeUpstream.JsonAsync(http, "{}", status)
                : FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer);
        var body = InferenceCalls.Chat("fake", $",\"pad\":\"{new string('x', 100_000)}\"");
        var answer = await hub.Client.ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal((body, body), (first.Calls.Single().Text, second.Calls.Single().Text));
        var record = await hub.RecordAsync(answer);
        Assert.Equal((2, "ok", FakeUpstream.UsageCostNanoUsd), (record.Attempts, record.Outcome, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task When_all_say_503_the_client_gets_the_last_answer()
    {
        await using var first = await FakeUpstream.StartAsync();
        await using var second = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(first.Address, second.Address);
        first.Answer = second.Answer = http => FakeUpstream.JsonAsync(http, """{"error":{"message":"busy","type":"overloaded"}}""", 503);
        var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal((503, "overloaded"), ((int)answer.StatusCode, (await answer.ErrorAsync()).Type));
        Assert.Equal((1, 1), (first.Calls.Count, second.Calls.Count));
        Assert.Equal((2, 0L), ((await hub.RecordAsync(answer)).Attempts, (await hub.RecordAsync(answer)).TotalCostNanoUsd));
    }

    [Theory, InlineData(400), InlineData(429), InlineData(500), InlineData(504)]
    public async Task Any_other_status_is_an_answer_and_not_tried_again(int status)
    {
        await using var first = await FakeUpstream.StartAsync();
        await using var second = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(first.Address, second.Address);
        first.Answer = second.Answer = http => FakeUpstream.JsonAsync(http, "{}", status);
        Assert.Equal(status, (int)(await hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).StatusCode);
        Assert.Equal(1, first.Calls.Count + second.Calls.Count);
    }

    [Fact]
    public async Task Nothing_is_tried_again_after_the_first_byte()
    {
        await using var first = await FakeUpstream.StartAsync();
        await using var second = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(first.Address, second.Address);
        first.Answer = second.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("begun"));
            throw new IOException("The connection ends here.");
        };
        var answer = await hub.Client.ChatAsync(InferenceCalls.Stream("fake"));
        Assert.Contains("upstream_truncated", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        Assert.Equal(1, first.Calls.Count + second.Calls.Count);
    }

    [Fact]
    public async Task When_all_are_ill_they_are_tried_all_the_same()
    {
        await using var first = await FakeUpstream.StartAsync();
        await using var second = await FakeUpstream.StartAsync();
        first.ProbeStatus = second.ProbeStatus = 500;
        await using var hub = await StartAsync(first.Address, second.Address);
        await Eventually.TrueAsync(() => Task.FromResult(first.Probes > 1 && second.Probes > 1), "both were probed");
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).StatusCode);
    }

    [Theory, InlineData(404, true), InlineData(405, true), InlineData(500, false)]
    public async Task A_probe_that_is_answered_below_500_means_alive(int status, bool isUsed)
    {
        await using var first = await FakeUpstream.StartAsync();
        await using var second = await FakeUpstream.StartAsync();
        first.ProbeStatus = status;
        await using var hub = await StartAsync(first.Address, second.Address);
        await Eventually.TrueAsync(() => Task.FromResult(first.Probes > 1 && second.Probes > 1), "both were probed");
        for (var i = 0; i < 20; i++)
        {
            await hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        }
        Assert.Equal(isUsed, first.Calls.Count > 0);
    }

    private static Task<HubHost> StartAsync(params Uri[] upstreams) =>
        HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                // The catalogue is read from the first address; a dead one has none, so the living one comes first.
                ["LITELLM_BASE_URL"] = string.Join(',', upstreams.OrderBy(u => u.Port == Dead)),
                ["UPSTREAM_PROBE_SECONDS"] = "1",
            }
        );

    private static int Dead { get; } = FreePort();

    private static Uri DeadAddress() => new($"http://127.0.0.1:{Dead}");

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
