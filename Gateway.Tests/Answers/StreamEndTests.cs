using System.Net.Sockets;
using System.Text;
using Gateway.Tests.Support;

namespace Gateway.Tests.Answers;

/// <summary>
/// Where streams end, and what is charged of those that have no proper end, or no events, or one event that is larger than any buffer.
/// </summary>
public sealed class StreamEndTests(StreamEndTests.Fixture fixture) : IClassFixture<StreamEndTests.Fixture>
{
    private const string Done = "data: [DONE]\n\n";
    private const int Large = 1_300_000;

    private readonly HubHost _hub = fixture.Hub;
    private readonly FakeUpstream _upstream = fixture.Upstream;

    [Fact]
    public async Task A_stream_that_fails_is_closed_in_order_but_without_its_last_chunk()
    {
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
            throw new IOException("The connection ends here.");
        };
        using var connection = new TcpClient(_hub.Address.Host, _hub.Address.Port);
        var body = InferenceCalls.Stream("fake");
        var head =
            $"POST {InferenceCalls.ChatPath} HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer {_hub.ApiKey}\r\nContent-Type: "
            + $"application/json\r\nContent-Length: {body.Length}\r\n\r\n";
        var stream = connection.GetStream();
        await stream.WriteAsync(Encoding.ASCII.GetBytes(head + body));
        var (bytes, isReset) = await stream.ReadAsFarAsItComesAsync();
        var text = Encoding.ASCII.GetString(bytes);
        Assert.False(isReset); // a reset may overtake the event
        Assert.Contains("\"code\":\"upstream_truncated\"", text, StringComparison.Ordinal);
        Assert.EndsWith("\n\n\r\n", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_goes_on_behind_done()
    {
        var answer = await StreamAsync(
            FakeUpstream.Chunk("Hello"),
            $$"""{"choices":[],"usage":{{FakeUpstream.Usage}}}""",
            "[DONE]",
            FakeUpstream.Chunk("more"),
            FakeUpstream.Chunk("and more")
        );
        Assert.Equal($"data: {FakeUpstream.Chunk("Hello")}\n\n{Done}", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.IsCut());
        Assert.Equal(
            ("ok", FakeUpstream.UsageCostNanoUsd),
            ((await _hub.RecordAsync(answer)).Outcome, (await _hub.RecordAsync(answer)).TotalCostNanoUsd)
        );
    }

    [Fact]
    public async Task An_upstream_that_does_not_stop_behind_done_is_left()
    {
        var left = new TaskCompletionSource();
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
            await FakeUpstream.EventAsync(http, "[DONE]");
            try
            {
                while (!http.RequestAborted.IsCancellationRequested)
                {
                    await FakeUpstream.EventAsync(http, FakeUpstream.Chunk(new string('x', 50_000)));
                }
            }
            finally
            {
                left.TrySetResult();
            }
        };
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("fake"));
        Assert.EndsWith(Done, await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        await left.Task.WaitAsync(TimeSpan.FromSeconds(15));
    }

    [Theory]
    [InlineData("", true), InlineData("", false)]
    [
        InlineData("data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"", true),
        InlineData("data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"", false)
    ]
    public async Task A_stream_without_a_line_end_is_charged_no_more_than_its_maximum(string start, bool isBudgeted)
    {
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await http.Response.WriteAsync(start);
            for (var i = 0; i < 100; i++)
            {
                await http.Response.WriteAsync(new string('x', 50_000));
            }
        };
        using var client = await ClientAsync(isBudgeted);
        var answer = await client.ChatAsync(InferenceCalls.Stream("fake", ",\"max_tokens\":50"));
        Assert.True(answer.IsCut());
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("upstream_truncated", "estimated", 50L), (record.Outcome, record.UsageSource, record.Usage.Output));
        Assert.True(record.TotalCostNanoUsd <= 1_000_000, $"{record.TotalCostNanoUsd}");
        Assert.True(!isBudgeted || record.TotalCostNanoUsd <= record.HeldNanoUsd);
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task A_plain_answer_without_usage_is_charged_no_more_than_its_maximum(bool isBudgeted)
    {
        _upstream.Answer = http =>
            FakeUpstream.JsonAsync(
                http,
                """{"id":"1","choices":[{"index":0,"message":{"content":" """ + new string('x', 2_000_000) + "\"}}]}"
            );
        using var client = await ClientAsync(isBudgeted);
        var answer = await client.ChatAsync(InferenceCalls.Chat("fake", ",\"max_tokens\":50"));
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("ok", "estimated", 50L), (record.Outcome, record.UsageSource, record.Usage.Output));
    }

    [Theory, InlineData(true), InlineData(false)]
    public async Task An_image_in_one_large_event_is_passed_whole_and_charged_by_its_usage(bool isBudgeted)
    {
        var image =
            "{\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"images\":[{\"image_url\":{\"url\":\""
            + new string('A', Large)
            + "\"}}]},\"finish_reason\":\"stop\"}]";
        using var client = await ClientAsync(isBudgeted);
        var answer = await StreamAsync(
            client,
            InferenceCalls.Stream("fake", ",\"max_tokens\":50"),
            image + ",\"usage\":" + FakeUpstream.Usage + "}",
            "[DONE]"
        );
        Assert.Equal($"data: {image}}}\n\n{Done}", await answer.Content.ReadAsStringAsync());
        Assert.False(answer.IsCut());
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("ok", "reported", FakeUpstream.UsageCostNanoUsd), (record.Outcome, record.UsageSource, record.TotalCostNanoUsd));
    }

    [Fact]
    public async Task Nothing_of_ours_is_put_into_an_event_that_breaks_off()
    {
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await http.Response.WriteAsync(
                "data: {\"id\":\"1\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\"" + new string('x', Large)
            );
            await http.Response.Body.FlushAsync();
            throw new IOException("The connection ends here.");
        };
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Stream("fake"));
        Assert.True(answer.IsCut());
        Assert.Matches("^data: [^\n]*x$", await answer.Content.ReadAsStringAsync());
        Assert.Equal("upstream_truncated", (await _hub.RecordAsync(answer)).Outcome);
    }

    [Theory]
    [InlineData("""{"reasoning":"Let me think of it."}""")]
    [InlineData("""{"reasoning_details":[{"type":"reasoning.text","text":"Let me think of it."}]}""")]
    [InlineData("""{"content":[{"type":"thinking","thinking":[{"type":"text","text":"Let me think of it."}]}]}""")]
    [InlineData("""{"audio":{"transcript":"Let me think of it."}}""")]
    public async Task Who_leaves_while_a_model_thinks_pays_for_what_it_thought(string delta)
    {
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, $$"""{"id":"1","choices":[{"index":0,"delta":{{delta}}}]}""");
            await HangAsync(http);
        };
        using var leave = new CancellationTokenSource();
        string id;
        using (var answer = await _hub.Client.OpenStreamAsync(InferenceCalls.Stream("fake"), leave.Token))
        {
            id = answer.RequestId();
            await (await answer.Content.ReadAsStreamAsync(leave.Token)).ReadExactlyAsync(new byte[10], leave.Token);
        }
        var record = await _hub.RecordAsync(id);
        Assert.Equal(("client_left", "estimated", 5L), (record.Outcome, record.UsageSource, record.Usage.Output));
    }

    [Fact]
    public async Task A_whole_answer_of_thoughts_without_usage_is_estimated()
    {
        _upstream.Answer = http =>
            FakeUpstream.JsonAsync(
                http,
                """{"id":"1","choices":[{"index":0,"message":{"reasoning":"Let me think of it."},"finish_reason":"stop"}]}"""
            );
        var record = await _hub.RecordAsync(await _hub.Client.ChatAsync(InferenceCalls.Chat("fake")));
        Assert.Equal(("ok", "completed", "estimated", 5L), (record.Outcome, record.Status, record.UsageSource, record.Usage.Output));
    }

    private static async Task HangAsync(HttpContext http)
    {
        try
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            // The gateway has given up.
        }
    }

    private Task<HttpResponseMessage> StreamAsync(params string[] events) =>
        StreamAsync(_hub.Client, InferenceCalls.Stream("fake"), events);

    private async Task<HttpResponseMessage> StreamAsync(HttpClient client, string body, params string[] events)
    {
        _upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            foreach (var data in events)
            {
                await FakeUpstream.EventAsync(http, data);
            }
        };
        return await client.ChatAsync(body);
    }

    private async Task<HttpClient> ClientAsync(bool isBudgeted)
    {
        var caller = await _hub.AddCallerAsync();
        if (isBudgeted)
        {
            await _hub.AddKeyBudgetAsync(caller, 1_000_000_000_000);
        }
        return _hub.NewClient(caller.Text);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal FakeUpstream Upstream { get; private set; } = null!;

        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await FakeUpstream.StartAsync();
            Hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = Upstream.Address.ToString() });
        }

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
