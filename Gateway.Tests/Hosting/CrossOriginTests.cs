using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Hosting;

/// <summary>Browser pages of other origins: what their SDKs ask for, and what they may read.</summary>
public sealed class CrossOriginTests(CrossOriginTests.Fixture fixture) : IClassFixture<CrossOriginTests.Fixture>
{
    private const string Listed = "https://app.example.com";
    private const string Other = "https://elsewhere.example";
    private const string SdkHeaders =
        "api-key,authorization,content-type,x-api-key,x-stainless-arch,x-stainless-lang,x-stainless-os,x-stainless-retry-count,x-stainless-runtime,x-stainless-timeout";

    [Theory, InlineData(Listed, Listed), InlineData(Other, "*")]
    public async Task A_preflight_allows_the_headers_that_an_sdk_asks_for(string origin, string allowed)
    {
        var answer = await PreflightAsync(origin, SdkHeaders);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Equal(allowed, Header(answer, "access-control-allow-origin"));
        Assert.Equal(SdkHeaders.Split(','), Header(answer, "access-control-allow-headers").Split(", "));
        Assert.Contains("POST", Header(answer, "access-control-allow-methods"), StringComparison.Ordinal);
    }

    [Theory, InlineData(Listed), InlineData(Other)]
    public async Task What_clients_act_on_is_exposed(string origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/models");
        request.Headers.Add("Origin", origin);
        var exposed = Header(await fixture.Hub.Client.SendAsync(request), "access-control-expose-headers")
            .Split(", ")
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Superset(
            new HashSet<string>(StringComparer.OrdinalIgnoreCase)
            {
                "x-should-retry",
                "retry-after",
                "x-request-id",
                "x-client-request-id",
                "x-oneui-request-id",
                "x-oneui-cost-usd",
                "x-oneui-origin",
                "x-oneui-shadow",
                "x-ratelimit-limit-requests",
                "x-ratelimit-remaining-requests",
                "x-ratelimit-reset-requests",
                "x-ratelimit-limit-tokens",
                "x-ratelimit-remaining-tokens",
                "x-ratelimit-reset-tokens",
            },
            exposed
        );
    }

    [Theory, InlineData("x-caf\u00e9, x-good"), InlineData("x good, x-good"), InlineData("x-good, \u0436"), InlineData("x-good,,,")]
    public async Task What_is_no_header_name_is_left_out_of_the_answer(string asked) =>
        Assert.Equal("x-good", Header(await PreflightAsync(Listed, asked), "access-control-allow-headers"));

    [Theory, InlineData("\u00e9"), InlineData(" ")]
    public async Task A_preflight_that_asks_for_nothing_readable_is_answered(string asked)
    {
        var answer = await PreflightAsync(Listed, asked);
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.Contains("Authorization", Header(answer, "access-control-allow-headers"), StringComparison.Ordinal);
    }

    [Theory, InlineData(20_000), InlineData(4_000)]
    public async Task The_answer_to_a_preflight_is_bounded(int count)
    {
        var answer = await PreflightAsync(Other, string.Join(',', Enumerable.Range(0, count / 4).Select(i => "x-" + (i % 10))));
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        Assert.InRange(Header(answer, "access-control-allow-headers").Length, 1, 1_000);
    }

    [Fact]
    public async Task A_refusal_can_be_read_too()
    {
        using var request = InferenceCalls.Post(InferenceCalls.ChatPath, "{}");
        request.Headers.Add("Origin", Other);
        var answer = await fixture.Hub.Anonymous.SendAsync(request);
        Assert.Equal((HttpStatusCode.Unauthorized, "*"), (answer.StatusCode, Header(answer, "access-control-allow-origin")));
    }

    private static string Header(HttpResponseMessage answer, string name) => string.Join(", ", answer.Headers.GetValues(name));

    private Task<HttpResponseMessage> PreflightAsync(string origin, string headers)
    {
        var request = new HttpRequestMessage(HttpMethod.Options, InferenceCalls.ChatPath);
        request.Headers.Add("Origin", origin);
        request.Headers.Add("Access-Control-Request-Method", "POST");
        Assert.True(request.Headers.TryAddWithoutValidation("Access-Control-Request-Headers", headers));
        return fixture.Client.SendAsync(request);
    }

    public sealed class Fixture : IAsyncLifetime
    {
        public HubHost Hub { get; private set; } = null!;

        /// <summary>A client that sends what it is told, in UTF-8.</summary>
        public HttpClient Client { get; private set; } = null!;

        public async Task InitializeAsync()
        {
            Hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["CORS_ORIGINS"] = $"{Listed},*" });
            Client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => System.Text.Encoding.UTF8 })
            {
                BaseAddress = Hub.Address,
            };
        }

        public async Task DisposeAsync()
        {
            Client.Dispose();
            await Hub.DisposeAsync();
        }
    }
}
