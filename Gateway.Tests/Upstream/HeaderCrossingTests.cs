using Gateway.Tests.Support;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Upstream;

/// <summary>What crosses, and in which direction. Credentials in neither.</summary>
public sealed class HeaderCrossingTests(HeaderCrossingTests.Fixture fixture) : IClassFixture<HeaderCrossingTests.Fixture>
{
    private static readonly string[] ExpectedUpstream =
    [
        "accept",
        "authorization",
        "content-length",
        "content-type",
        "host",
        "x-litellm-call-id",
    ];

    private readonly HubHost _hub = fixture.Hub;
    private readonly FakeUpstream _upstream = fixture.Upstream;

    [Fact]
    public async Task The_upstream_sees_its_own_headers_and_nothing_of_the_client()
    {
        var call = await CallAsync(
            ("x-api-key", _hub.ApiKey),
            ("api-key", _hub.ApiKey),
            ("Cookie", "session=1"),
            ("User-Agent", "client/1.0"),
            ("X-Custom", "1"),
            ("X-Forwarded-For", "10.0.0.1"),
            ("Forwarded", "for=10.0.0.1"),
            ("OpenAI-Organization", "org-1"),
            ("x-litellm-api-key", "sk-other"),
            ("x-litellm-call-id", "mine"),
            ("x-litellm-timeout", "1"),
            ("x-litellm-num-retries", "9"),
            ("x-request-id", "client-1"),
            ("Proxy-Authorization", "Basic x")
        );
        Assert.Equal(ExpectedUpstream, call.Headers.Keys.Order());
        Assert.Equal("Bearer upstream-secret", call.Headers["authorization"]);
        Assert.DoesNotContain(call.Headers.Values, v => v.Contains(_hub.ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_upstreams_call_id_is_our_request_id()
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("fake"));
        var answer = await _hub.Client.SendAsync(request);
        Assert.Equal(answer.RequestId(), _upstream.Calls[^1].Headers["x-litellm-call-id"]);
    }

    [Fact]
    public async Task The_trace_goes_on_without_the_clients_baggage()
    {
        const string TraceId = "0af7651916cd43dd8448eb211c80319c";
        var call = await CallAsync(
            ("traceparent", $"00-{TraceId}-b7ad6b7169203331-01"),
            ("tracestate", "vendor=1"),
            ("baggage", "secret=1"),
            ("Correlation-Context", "secret=2")
        );
        Assert.Contains(TraceId, call.Headers["traceparent"], StringComparison.Ordinal);
        Assert.Equal([.. ExpectedUpstream, "traceparent"], call.Headers.Keys.OrderBy(k => k == "traceparent").ThenBy(k => k));
    }

    [Theory, InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-free-text"), InlineData("free text")]
    public async Task A_trace_of_another_form_stays_here(string traceparent)
    {
        var call = await CallAsync(("traceparent", traceparent));
        Assert.Equal(ExpectedUpstream, call.Headers.Keys.Order());
    }

    [Fact]
    public async Task The_path_is_the_apis_own_and_the_query_stays_here()
    {
        await _hub.Client.SendAsync(InferenceCalls.Post("/chat/completions/?api-version=1&key=secret", InferenceCalls.Chat("fake")));
        Assert.Equal("/v1/chat/completions", _upstream.Calls[^1].Path);
    }

    [Fact]
    public async Task Beta_headers_cross_with_the_values_on_the_list()
    {
        var call = await CallAsync(("anthropic-version", "2023-06-01"), ("anthropic-beta", "good-1,bad-1"), ("openai-beta", "bad-2"));
        Assert.Equal("2023-06-01", call.Headers["anthropic-version"]);
        Assert.Equal("good-1", call.Headers["anthropic-beta"]);
        Assert.False(call.Headers.ContainsKey("openai-beta"));
    }

    [Theory, InlineData(false, "application/json"), InlineData(true, "text/event-stream")]
    public async Task Accept_says_what_the_call_asks_for(bool stream, string accept)
    {
        await _hub.Client.ChatAsync(stream ? InferenceCalls.Stream("fake") : InferenceCalls.Chat("fake"));
        Assert.Equal(accept, _upstream.Calls[^1].Headers["accept"]);
    }

    [Theory, InlineData(200), InlineData(400), InlineData(307)]
    public async Task The_client_sees_nothing_of_the_upstreams_account(int status)
    {
        _upstream.Answer = http =>
        {
            foreach (
                var name in new[]
                {
                    "set-cookie",
                    "server",
                    "x-request-id",
                    "x-litellm-call-id",
                    "x-litellm-response-cost",
                    "x-litellm-key-spend",
                    "llm_provider-x",
                    "x-ratelimit-limit-requests",
                    "openai-organization",
                    "x-oneui-cost-usd",
                    "x-oneui-request-id",
                    "access-control-allow-origin",
                    "www-authenticate",
                    "location",
                    "strict-transport-security",
                    "via",
                }
            )
            {
                http.Response.Headers[name] = "upstream-value";
            }
            http.Response.Headers["openai-processing-ms"] = "12";
            return FakeUpstream.JsonAsync(http, status == 200 ? FakeUpstream.PlainAnswer : """{"error":{"message":"no"}}""", status);
        };
        var answer = await _hub.Client.ChatAsync(InferenceCalls.Chat("fake"));
        _upstream.Answer = http => FakeUpstream.JsonAsync(http, FakeUpstream.PlainAnswer);
        Assert.DoesNotContain(
            answer.Headers.Concat(answer.Content.Headers),
            h => h.Value.Any(v => v.Contains("upstream-value", StringComparison.Ordinal))
        );
        Assert.True(answer.Headers.Contains("openai-processing-ms"));
        Assert.True(Guid.TryParse(answer.RequestId(), out _));
    }

    private async Task<ReceivedCall> CallAsync(params (string Name, string Value)[] headers)
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, InferenceCalls.Chat("fake"));
        foreach (var (name, value) in headers)
        {
            Assert.True(request.Headers.TryAddWithoutValidation(name, value));
        }
        (await _hub.Client.SendAsync(request)).EnsureSuccessStatusCode();
        return _upstream.Calls[^1];
    }

    public sealed class Fixture : IAsyncLifetime
    {
        internal FakeUpstream Upstream { get; private set; } = null!;

        public HubHost Hub { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Upstream = await FakeUpstream.StartAsync();
            Hub = await HubHost.StartAsync(
                settings: new Dictionary<string, string>
                {
                    ["LITELLM_BASE_URL"] = Upstream.Address + "v1/",
                    ["LITELLM_API_KEY"] = "upstream-secret",
                    ["ALLOWED_BETA_HEADERS"] = "good-1,good-2",
                },
                configure: builder => builder.Logging.AddProvider(new SilentLog())
            ); // as with any log: ASP.NET makes activities only for listeners
        }

        public async Task DisposeAsync()
        {
            await Hub.DisposeAsync();
            await Upstream.DisposeAsync();
        }
    }

    private sealed class SilentLog : ILoggerProvider, ILogger
    {
        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) { }

        public void Dispose() { }
    }
}
