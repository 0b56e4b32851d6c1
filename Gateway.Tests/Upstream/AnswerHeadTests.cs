using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Upstream;

/// <summary>
/// Nothing that an upstream writes into the head of its answer makes a good call fail, or reaches the client and steers it.
/// </summary>
public sealed class AnswerHeadTests(AnswerHeadTests.Fixture fixture) : IClassFixture<AnswerHeadTests.Fixture>
{
    private const string Ok = "HTTP/1.1 200 OK";
    private const string JsonType = "Content-Type: application/json\r\n";

    public static TheoryData<string, string> GoodHeads =>
        new()
        {
            { Ok, "x-model: caf\u00e9\r\n" + JsonType },
            { Ok, "retry-after: \u00e9\r\n" + JsonType },
            { Ok, "retry-after: 1\u0001\r\n" + JsonType },
            { Ok, "x-should-retry: \u007f\r\n" + JsonType },
            { Ok, "openai-version: \u00ff\u00fe\r\n" + JsonType },
            { Ok, "openai-processing-ms: a\tb\r\n" + JsonType },
            { Ok, "x-litellm-model-id: \u00e9\u0001\r\n" + JsonType },
            { Ok, "x-litellm-response-cost: \u00e9\r\n" + JsonType },
            { Ok, "content-language: \u00e9\r\n" + JsonType },
            { Ok, "x-empty:\r\n" + JsonType },
            { Ok, "Content-Type: application/json; x=\"\u00e9\"\r\n" },
            { Ok, "x-a: 1\r\nx-a: \u00e9\r\n" + JsonType },
            { "HTTP/1.1 200 caf\u00e9", JsonType },
            { "HTTP/1.1 200", JsonType },
            { "HTTP/1.1 200 O\tK", JsonType },
            { "HTTP/1.1 201 Created", JsonType },
            { "HTTP/1.1 203 N", JsonType },
            { "HTTP/1.1 205 Reset Content", JsonType },
            { "HTTP/1.1 206 P", JsonType },
            { "HTTP/1.1 299 X", JsonType },
            { "HTTP/1.0 200 OK", JsonType },
            { Ok, "llm_provider-x: " + new string('v', 100_000) + "\r\n" + JsonType },
            { Ok, "retry-after: " + new string('1', 100_000) + "\r\n" + JsonType },
        };

    [Theory, MemberData(nameof(GoodHeads))]
    public async Task A_good_answer_stays_good_and_is_charged(string statusLine, string headers)
    {
        fixture.Upstream.Answer = RawUpstream.Json(statusLine, headers);
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal((HttpStatusCode.OK, "OK"), (answer.StatusCode, answer.ReasonPhrase));
        Assert.Equal(FakeUpstream.PlainAnswer, await answer.Content.ReadAsStringAsync());
        Assert.Equal("0.000047", answer.Headers.GetValues("x-oneui-cost-usd").Single());
        Assert.All(
            answer.Headers.Concat(answer.Content.Headers).SelectMany(h => h.Value),
            value => Assert.True(value.Length < 200 && value.All(c => c is >= ' ' and <= '~'), value)
        );
    }

    [
        Theory,
        InlineData("x-model: caf\u00e9"),
        InlineData("retry-after: \u00e9"),
        InlineData("Content-Type: text/event-stream; x=\"\u00e9\"")
    ]
    public async Task A_good_stream_stays_good(string header)
    {
        var events = $"data: {FakeUpstream.Chunk("Hi")}\n\ndata: {{\"choices\":[],\"usage\":{FakeUpstream.Usage}}}\n\ndata: [DONE]\n\n";
        var type = header.StartsWith("Content-Type", StringComparison.Ordinal) ? "" : "Content-Type: text/event-stream\r\n";
        fixture.Upstream.Answer = RawUpstream.Json(Ok, $"{header}\r\n{type}", events);
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Stream("fake"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.EndsWith("data: [DONE]\n\n", await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Trailers_stay_here()
    {
        fixture.Upstream.Answer = System.Text.Encoding.Latin1.GetBytes(
            $"{Ok}\r\n{JsonType}Transfer-Encoding: chunked\r\nTrailer: "
                + $"x-late\r\n\r\n{FakeUpstream.PlainAnswer.Length:x}\r\n{FakeUpstream.PlainAnswer}\r\n0\r\nx-late: caf\u00e9\r\n\r\n"
        );
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal(FakeUpstream.PlainAnswer, await answer.Content.ReadAsStringAsync());
        Assert.Empty(answer.TrailingHeaders);
    }

    [Theory]
    [
        InlineData("HTTP/1.1 999 Blocked"),
        InlineData("HTTP/1.1 600 X"),
        InlineData("HTTP/1.1 777 X"),
        InlineData("HTTP/1.1 304 Not Modified"),
        InlineData("HTTP/1.1 300 X"),
        InlineData("HTTP/1.1 204 No Content")
    ]
    [
        InlineData("HTTP/1.1 000 X"),
        InlineData("HTTP/1.1 99 X"),
        InlineData("HTTP/1.1 1000 X"),
        InlineData("HTTP/1.1 -20 X"),
        InlineData("HTTP/1.1 abc X"),
        InlineData("ICY 200 OK"),
        InlineData("\u00e9")
    ]
    [InlineData("HTTP/1.1 101 Switching Protocols")]
    public async Task A_status_that_is_none_is_502_in_shape(string statusLine)
    {
        fixture.Upstream.Answer = RawUpstream.Json(statusLine, JsonType);
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        var error = await answer.ErrorAsync();
        Assert.Equal((502, "gateway"), (error.Status, error.Origin));
        Assert.Equal("Bad Gateway", answer.ReasonPhrase);
    }

    [
        Theory,
        InlineData("HTTP/1.1 429 T\u00e9o", "retry-after: \u00e9\r\nllm_provider-retry-after: \u00e9\r\n"),
        InlineData("HTTP/1.1 503 X", "llm_provider-retry-after: 1\u0001\r\n"),
        InlineData("HTTP/1.1 599 X", "")
    ]
    public async Task An_error_keeps_its_status(string statusLine, string headers)
    {
        fixture.Upstream.Answer = RawUpstream.Json(statusLine, headers + JsonType, """{"error":{"message":"no","type":"t","code":"c"}}""");
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal(int.Parse(statusLine.Split(' ')[1], null), (int)answer.StatusCode);
        Assert.Equal("no", (await answer.ErrorAsync()).Message);
        Assert.Null(answer.Headers.RetryAfter);
    }

    [Theory]
    [
        InlineData("x-accel-redirect"),
        InlineData("x-accel-limit-rate"),
        InlineData("x-sendfile"),
        InlineData("link"),
        InlineData("refresh"),
        InlineData("location"),
        InlineData("content-location"),
        InlineData("sourcemap")
    ]
    [
        InlineData("connection"),
        InlineData("keep-alive"),
        InlineData("upgrade"),
        InlineData("proxy-authenticate"),
        InlineData("trailer"),
        InlineData("set-cookie"),
        InlineData("clear-site-data"),
        InlineData("alt-svc")
    ]
    [
        InlineData("strict-transport-security"),
        InlineData("content-security-policy"),
        InlineData("permissions-policy"),
        InlineData("access-control-allow-origin"),
        InlineData("report-to"),
        InlineData("nel")
    ]
    [
        InlineData("etag"),
        InlineData("expires"),
        InlineData("surrogate-control"),
        InlineData("cdn-cache-control"),
        InlineData("content-disposition"),
        InlineData("service-worker-allowed"),
        InlineData("x-lighttpd-send-file")
    ]
    [
        InlineData("x-unknown-tomorrow"),
        InlineData("x-litellm-key-spend"),
        InlineData("cf-ray"),
        InlineData("age"),
        InlineData("vary"),
        InlineData("server-timing"),
        InlineData("www-authenticate")
    ]
    public async Task A_header_that_is_not_on_the_list_stays_here(string name)
    {
        fixture.Upstream.Answer = RawUpstream.Json(Ok, $"{name}: upstream-value\r\n{JsonType}");
        var answer = await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.DoesNotContain(
            answer.Headers.Concat(answer.Content.Headers),
            h => h.Value.Any(v => v.Contains("upstream-value", StringComparison.Ordinal))
        );
    }

    [Theory, InlineData("retry-after", "7"), InlineData("openai-processing-ms", "12"), InlineData("x-should-retry", "true")]
    public async Task What_clients_act_on_passes(string name, string value)
    {
        fixture.Upstream.Answer = RawUpstream.Json(Ok, $"{name}: {value}\r\n{JsonType}");
        Assert.Equal(value, (await fixture.Hub.Client.ChatAsync(InferenceCalls.Chat("fake"))).Headers.GetValues(name).Single());
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal RawUpstream Upstream { get; } = new();

        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = Upstream.Address });

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }
}
