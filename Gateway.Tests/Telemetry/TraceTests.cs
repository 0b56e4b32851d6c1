using System.Globalization;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

/// <summary>Traces as a collector gets them.</summary>
[Collection(TracingCollection.Name)]
public sealed class TraceTests
{
    private const string ParentSpan = "00f067aa0ba902b7";

    [Fact]
    public async Task A_calls_span_says_what_was_asked_used_and_paid()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(collector, upstream, "1");
        var traceId = await CallAsync(hub, InferenceCalls.Chat("fake"), "00");
        var span = await collector.ServerSpanAsync(traceId);
        Assert.Equal("POST /v1/chat/completions", span.Name);
        Assert.Equal(ParentSpan, span.ParentId);
        Assert.Equal(
            ("/v1/chat/completions", "200", "chat", "fake"),
            (
                span.Tags["http.route"],
                span.Tags["http.response.status_code"],
                span.Tags["gen_ai.operation.name"],
                span.Tags["gen_ai.request.model"]
            )
        );
        Assert.Equal(
            ("7", "3", "ok", "reported"),
            (
                span.Tags["gen_ai.usage.input_tokens"],
                span.Tags["gen_ai.usage.output_tokens"],
                span.Tags["oneui.outcome"],
                span.Tags["oneui.usage_source"]
            )
        );
        Assert.Equal(FakeUpstream.UsageCostNanoUsd / 1e9, double.Parse(span.Tags["oneui.cost_usd"], CultureInfo.InvariantCulture), 1e-12);
        Assert.Equal(["upstream.sent", "upstream.first_byte", "upstream.ended"], span.Events);
    }

    [Theory]
    [InlineData("gpt-4o-2024-08-06", "gpt-4o-2024-08-06")]
    [InlineData("a sentence is no name", null)]
    public async Task A_calls_span_says_what_answered_and_why_it_ended(string answered, string? told)
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(collector, upstream, "1");
        upstream.Answer = http =>
            FakeUpstream.JsonAsync(
                http,
                $$$"""
                {"id":"a","model":"{{{answered}}}","choices":[{"index":0,"message":{"role":"assistant","content":"Hello"},"finish_reason":"stop"},{"index":1,"message":{"role":"assistant","content":"Hel"},"finish_reason":"length"}],
                 "usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}
                """
            );
        var span = await collector.ServerSpanAsync(await CallAsync(hub, InferenceCalls.Chat("fake"), "00"));
        Assert.Equal(
            (told, "stop,length"),
            (span.Tags.GetValueOrDefault("gen_ai.response.model"), span.Tags["gen_ai.response.finish_reasons"])
        );
        Assert.Equal(span.Tags["gen_ai.provider.name"], span.Tags["gen_ai.system"]);
    }

    [Fact]
    public async Task A_streams_span_says_why_it_ended()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(collector, upstream, "1");
        upstream.Answer = async http =>
        {
            FakeUpstream.BeginStream(http);
            await FakeUpstream.EventAsync(http, """{"id":"a","model":"fake-1","choices":[{"index":0,"delta":{"content":"Hel"}}]}""");
            await FakeUpstream.EventAsync(
                http,
                """{"id":"a","model":"fake-1","choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]}"""
            );
            await FakeUpstream.EventAsync(
                http,
                """{"id":"a","choices":[],"usage":{"prompt_tokens":7,"completion_tokens":3,"total_tokens":10}}"""
            );
            await FakeUpstream.EventAsync(http, "[DONE]");
        };
        var span = await collector.ServerSpanAsync(await CallAsync(hub, InferenceCalls.Stream("fake"), "00"));
        Assert.Equal(("fake-1", "tool_calls"), (span.Tags["gen_ai.response.model"], span.Tags["gen_ai.response.finish_reasons"]));
    }

    [Fact]
    public async Task The_upstream_is_told_the_trace_and_the_forwarders_span()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(collector, upstream, "1");
        var traceId = await CallAsync(hub, InferenceCalls.Chat("fake"), "00");
        var server = await collector.ServerSpanAsync(traceId);
        var forwarder = await Eventually.NotNullAsync(() =>
            Task.FromResult(collector.Spans.FirstOrDefault(s => s.TraceId == traceId && s.Scope == "Yarp.ReverseProxy"))
        );
        Assert.Equal(server.SpanId, forwarder.ParentId);
        Assert.Equal($"00-{traceId}-{forwarder.SpanId}-01", Assert.Single(upstream.Calls).Headers["traceparent"]);
    }

    [Fact]
    public async Task An_exemplar_names_the_trace()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(collector, upstream, "1");
        var traceId = await CallAsync(hub, InferenceCalls.Chat("fake"), "00");
        await collector.ServerSpanAsync(traceId);
        var scrape = await MetricsText.ScrapeAsync(hub, "application/openmetrics-text; version=1.0.0");
        Assert.Matches(
            $$"""gen_ai_client_operation_duration_seconds_bucket\{.*\} \d+ # \{trace_id="{{traceId}}",span_id="[0-9a-f]{16}"\} """,
            scrape.Text
        );
    }

    [Theory]
    [InlineData("1", "false", "00", true)]
    [InlineData("0", "false", "01", false)] // whoever can set a flag would decide what tracing costs
    [InlineData("0", "true", "01", true)]
    [InlineData("0", "true", "00", false)]
    public async Task Calls_are_sampled_by_ratio_and_by_clients_only_where_they_are_trusted(
        string ratio,
        string follows,
        string flags,
        bool isTraced
    )
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        var traceId = "";
        await using (var hub = await StartAsync(collector, upstream, ratio, follows))
        {
            traceId = await CallAsync(hub, InferenceCalls.Chat("fake"), flags);
        }
        Assert.Equal(isTraced, collector.Spans.Any(s => s.TraceId == traceId)); // the end of the process sends all that waits
        Assert.StartsWith($"00-{traceId}-", Assert.Single(upstream.Calls).Headers["traceparent"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_refused_calls_span_says_why()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        await using var upstream = await FakeUpstream.StartAsync();
        await using var hub = await StartAsync(collector, upstream, "1");
        var traceId = await CallAsync(hub, InferenceCalls.Chat("unknown"), "00");
        var span = await collector.ServerSpanAsync(traceId);
        Assert.Equal(
            ("404", "refused", "model_not_found"),
            (span.Tags["http.response.status_code"], span.Tags["oneui.outcome"], span.Tags["error.type"])
        );
    }

    private static Task<HubHost> StartAsync(OtlpReceiver collector, FakeUpstream upstream, string ratio, string follows = "false") =>
        HubHost.StartAsync(
            settings: new Dictionary<string, string>
            {
                ["LITELLM_BASE_URL"] = upstream.Address.ToString(),
                ["TRACE_SAMPLE_RATIO"] = ratio,
                ["TRACE_FOLLOW_CLIENTS"] = follows,
            },
            configure: builder => collector.Configure(builder)
        );

    private static async Task<string> CallAsync(HubHost hub, string body, string flags)
    {
        var traceId = Guid.NewGuid().ToString("N");
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, body);
        request.Headers.Add("traceparent", $"00-{traceId}-{ParentSpan}-{flags}");
        using var answer = await hub.Client.SendAsync(request);
        return traceId;
    }
}
