using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Answers;

/// <summary>Answers that only a broken upstream gives: usage before the break, ids of a strange kind, silence after the headers.</summary>
public sealed class BrokenAnswerTests(BrokenAnswerTests.Fixture fixture) : IClassFixture<BrokenAnswerTests.Fixture>
{
    private readonly HubHost _hub = fixture.Hub;
    private readonly FakeUpstream _upstream = fixture.Upstream;

    [Fact]
    public async Task Usage_seen_before_a_plain_answer_breaks_is_charged()
    {
        var answer = await CallAsync(
            InferenceCalls.Chat("fake"),
            async http =>
            {
                http.Response.ContentType = "application/json";
                http.Response.ContentLength = 5_000;
                await http.Response.WriteAsync($$"""{"id":"a","usage":{{FakeUpstream.Usage}},"choices":[{"mess""");
                await http.Response.Body.FlushAsync();
                throw new IOException("The connection ends here.");
            }
        );
        await answer.AssertRefusedAsync(502, "server_error", "upstream_invalid_response");
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(
            ("upstream_truncated", "reported", FakeUpstream.UsageCostNanoUsd, 502),
            (record.Outcome, record.UsageSource, record.TotalCostNanoUsd, record.HttpStatus)
        );
    }

    [Fact]
    public async Task Usage_seen_before_a_stream_breaks_is_charged()
    {
        var answer = await CallAsync(
            InferenceCalls.Stream("fake"),
            async http =>
            {
                FakeUpstream.BeginStream(http);
                await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
                await FakeUpstream.EventAsync(http, $$"""{"id":"answer-1","choices":[],"usage":{{FakeUpstream.Usage}}}""");
                throw new IOException("The connection ends here.");
            }
        );
        var text = await answer.Content.ReadAsStringAsync();
        Assert.DoesNotContain("usage", text, StringComparison.Ordinal);
        Assert.True(answer.IsCut());
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(
            ("upstream_truncated", "reported", FakeUpstream.UsageCostNanoUsd),
            (record.Outcome, record.UsageSource, record.TotalCostNanoUsd)
        );
    }

    [Fact]
    public async Task A_stream_that_is_silent_from_its_first_event_on_is_504()
    {
        var answer = await CallAsync(
            InferenceCalls.Stream("fake"),
            async http =>
            {
                FakeUpstream.BeginStream(http);
                await http.Response.Body.FlushAsync();
                await HangAsync(http);
            }
        );
        await answer.AssertRefusedAsync(504, "server_error", "upstream_timeout");
        Assert.Equal(
            ("upstream_timeout", 0L),
            ((await _hub.RecordAsync(answer)).Outcome, (await _hub.RecordAsync(answer)).TotalCostNanoUsd)
        );
    }

    [Fact]
    public async Task A_plain_answer_that_falls_silent_is_504()
    {
        var answer = await CallAsync(
            InferenceCalls.Chat("fake"),
            async http =>
            {
                http.Response.ContentType = "application/json";
                await http.Response.WriteAsync("{\"id\":");
                await http.Response.Body.FlushAsync();
                await HangAsync(http);
            }
        );
        await answer.AssertRefusedAsync(504, "server_error", "upstream_timeout");
    }

    [Fact]
    public async Task An_error_as_the_first_event_gets_a_status()
    {
        var answer = await CallAsync(
            InferenceCalls.Stream("fake"),
            async http =>
            {
                FakeUpstream.BeginStream(http);
                await FakeUpstream.EventAsync(
                    http,
                    """{"error":{"message":"litellm.RateLimitError: RateLimitError: OpenAIException - slow down","type":"throttling_error","code":"429"}}"""
                );
            }
        );
        var error = await answer.ErrorAsync();
        Assert.Equal((429, "throttling_error", "slow down"), (error.Status, error.Type, error.Message));
        Assert.Equal("application/json", answer.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task An_error_inside_a_plain_200_is_an_error_and_free()
    {
        var answer = await CallAsync(
            InferenceCalls.Chat("fake"),
            http => FakeUpstream.JsonAsync(http, """{"error":{"message":"went wrong","code":500}}""")
        );
        Assert.Equal((500, "went wrong"), ((await answer.ErrorAsync()).Status, (await answer.ErrorAsync()).Message));
        Assert.Equal(("upstream_error", 0L), ((await _hub.RecordAsync(answer)).Outcome, (await _hub.RecordAsync(answer)).TotalCostNanoUsd));
    }

    [Fact]
    public async Task An_error_that_names_usage_is_free_all_the_same()
    {
        var answer = await CallAsync(
            InferenceCalls.Chat("fake"),
            http => FakeUpstream.JsonAsync(http, $$$"""{"error":{"message":"went wrong"},"usage":{{{FakeUpstream.Usage}}}}""", status: 500)
        );
        Assert.Equal((500, "went wrong"), ((await answer.ErrorAsync()).Status, (await answer.ErrorAsync()).Message));
        Assert.Equal(
            ("upstream_error", "none", 0L),
            (
                (await _hub.RecordAsync(answer)).Outcome,
                (await _hub.RecordAsync(answer)).UsageSource,
                (await _hub.RecordAsync(answer)).TotalCostNanoUsd
            )
        );
    }

    [Fact]
    public async Task Half_an_event_at_the_end_of_a_stream_is_not_sent_on()
    {
        var answer = await CallAsync(
            InferenceCalls.Stream("fake"),
            async http =>
            {
                FakeUpstream.BeginStream(http);
                await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
                await http.Response.WriteAsync("data: {\"id\":\"answer-1\",\"choi");
            }
        );
        var text = await answer.Content.ReadAsStringAsync();
        var events = text.Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((2, "data: " + FakeUpstream.Chunk("Hello")), (events.Length, events[0]));
        Assert.StartsWith("data: {\"error\":", events[1], StringComparison.Ordinal);
        Assert.Contains("\"code\":\"upstream_truncated\"", text, StringComparison.Ordinal);
        Assert.True(answer.IsCut());
        var record = await _hub.RecordAsync(answer);
        Assert.Equal(("upstream_truncated", "estimated"), (record.Outcome, record.UsageSource));
        Assert.True(record.TotalCostNanoUsd > 0);
    }

    [Fact]
    public async Task A_whole_event_without_its_blank_line_is_sent_on_before_the_error()
    {
        var answer = await CallAsync(
            InferenceCalls.Stream("fake"),
            async http =>
            {
                FakeUpstream.BeginStream(http);
                await FakeUpstream.EventAsync(http, FakeUpstream.Chunk("Hello"));
                await http.Response.WriteAsync("data: " + FakeUpstream.Chunk("World"));
            }
        );
        var events = (await answer.Content.ReadAsStringAsync()).Split("\n\n", StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((3, "data: " + FakeUpstream.Chunk("World")), (events.Length, events[1]));
        Assert.StartsWith("data: {\"error\":", events[2], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Something_behind_the_json_makes_it_no_answer() =>
        await (
            await CallAsync(InferenceCalls.Chat("fake"), http => FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer + "garbage"))
        ).AssertRefusedAsync(502, "server_error", "upstream_invalid_response");

    [Theory, InlineData("""a\u0000b"""), InlineData("""\ud800"""), InlineData("a\\nb")]
    public async Task An_answers_id_of_any_kind_can_be_recorded(string id)
    {
        var answer = await CallAsync(
            InferenceCalls.Chat("fake"),
            http => FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer.Replace("answer-1", id, StringComparison.Ordinal))
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(FakeUpstream.UsageCostNanoUsd, (await _hub.RecordAsync(answer)).TotalCostNanoUsd);
    }

    [Fact]
    public async Task An_answers_id_is_stored_as_the_client_saw_it()
    {
        var answer = await CallAsync(InferenceCalls.Chat("fake"), http => FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer));
        Assert.Equal("answer-1", (await _hub.RecordAsync(answer)).ExternalRequestId);
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

    private async Task<HttpResponseMessage> CallAsync(string body, Func<HttpContext, Task> answer)
    {
        _upstream.Answer = answer;
        return await _hub.Client.ChatAsync(body);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal FakeUpstream Upstream { get; private set; } = null!;

        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await FakeUpstream.StartAsync();
            Hub = await HubHost.StartAsync(
                TestDatabase.Postgres,
                new Dictionary<string, string>
                {
                    ["LITELLM_BASE_URL"] = Upstream.Address.ToString(),
                    ["UPSTREAM_FIRST_BYTE_SECONDS"] = "1",
                    ["UPSTREAM_IDLE_SECONDS"] = "1",
                }
            );
        }

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
