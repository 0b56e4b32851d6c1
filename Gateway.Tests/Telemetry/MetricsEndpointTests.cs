using System.Net;
using System.Net.Http.Headers;
using Gateway.Core.Policy;
using Gateway.Telemetry;
using Gateway.Tests.Support;

namespace Gateway.Tests.Telemetry;

public sealed class MetricsEndpointTests
{
    private const string OpenMetrics = "application/openmetrics-text; version=1.0.0";

    [Fact]
    public async Task It_is_open_without_a_token_of_its_own()
    {
        await using var hub = await HubHost.StartAsync();
        using var answer = await hub.Anonymous.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("text/plain; version=0.0.4; charset=utf-8", answer.Content.Headers.ContentType!.ToString());
        Assert.True(answer.Headers.CacheControl!.NoStore);
    }

    [Fact]
    public async Task OpenMetrics_is_given_to_whoever_asks()
    {
        await using var hub = await HubHost.StartAsync();
        var scrape = await MetricsText.ScrapeAsync(hub, OpenMetrics);
        Assert.EndsWith("# EOF\n", scrape.Text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(
        "application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1",
        "application/openmetrics-text"
    )]
    [InlineData(
        "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.6,text/plain;version=0.0.4;q=0.5",
        "application/openmetrics-text"
    )]
    [InlineData("text/html,application/xhtml+xml,*/*;q=0.8", "text/plain")]
    [InlineData("nonsense;;;", "text/plain")]
    public async Task Names_and_labels_are_the_same_in_every_format_that_a_scraper_accepts(string accept, string mediaType)
    {
        await using var hub = await HubHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.TryAddWithoutValidation("Accept", accept);
        using var answer = await hub.Anonymous.SendAsync(request);
        Assert.Equal(mediaType, answer.Content.Headers.ContentType!.MediaType);
        var scrape = MetricsText.Parse(await answer.Content.ReadAsStringAsync());
        var build = Assert.Single(scrape.Samples, s => s.Name == "oneui_build_info");
        Assert.Equal(["node", "role", "runtime", "version"], build.Labels.Keys.Order());
    }

    [Fact]
    public async Task A_figure_that_hangs_costs_its_scrape_and_no_more()
    {
        await using var hub = await HubHost.StartAsync();
        using var go = new ManualResetEventSlim();
        hub.Services.GetRequiredService<GatewayMetrics>().Meter.CreateObservableGauge("test.hangs", () => Wait(go));
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Add("X-Prometheus-Scrape-Timeout-Seconds", "0.2");
        using var late = await hub.Anonymous.SendAsync(request);
        Assert.Equal(HttpStatusCode.RequestTimeout, late.StatusCode);
        using var call = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        go.Set();
        Assert.Equal(1, (await MetricsText.ScrapeAsync(hub)).Sum("test_hangs"));

        static int Wait(ManualResetEventSlim go)
        {
            go.Wait();
            return 1;
        }
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("wrong-token", 401)]
    [InlineData("metrics-token-1", 200)]
    public async Task A_token_is_asked_for_when_one_is_set(string? token, int status)
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["METRICS_TOKEN"] = "metrics-token-1" });
        using var client = hub.NewClient(token);
        using var answer = await client.GetAsync("/metrics");
        Assert.Equal(status, (int)answer.StatusCode);
        Assert.Equal(status == 401, answer.Headers.WwwAuthenticate.Contains(new AuthenticationHeaderValue("Bearer")));
    }

    [Fact]
    public async Task An_api_key_is_no_metrics_token()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["METRICS_TOKEN"] = "metrics-token-1" });
        using var answer = await hub.Client.GetAsync("/metrics");
        Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode);
    }

    [Fact]
    public async Task A_call_is_counted_once_with_its_tokens_and_its_cost()
    {
        await using var hub = await HubHost.StartAsync();
        using var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var record = await hub.RecordAsync(answer);
        await Eventually.TrueAsync(
            async () => (await MetricsText.ScrapeAsync(hub)).Sum("oneui_requests_total") >= 1,
            "the call is counted"
        );
        var scrape = await MetricsText.ScrapeAsync(hub);
        Assert.Equal(
            1,
            scrape.Sum("oneui_requests_total", ("model", "gpt-4o-mini"), ("outcome", "ok"), ("status", "200"), ("api", "chat_completions"))
        );
        Assert.Equal(1, scrape.Sum("oneui_requests_total"));
        Assert.Equal(record.TotalCostNanoUsd / 1e9, scrape.Sum("oneui_cost_usd_total", ("model", "gpt-4o-mini")), 1e-12);
        Assert.Equal(record.Usage.Input, scrape.Sum("oneui_tokens_total", ("class", "input")));
        Assert.Equal(record.Usage.Output, scrape.Sum("gen_ai_client_token_usage_sum", ("gen_ai_token_type", "output")));
        Assert.Equal(1, scrape.Sum("gen_ai_client_operation_duration_seconds_count", ("gen_ai_request_model", "gpt-4o-mini")));
        Assert.Equal(1, scrape.Sum("oneui_overhead_seconds_count", ("phase", "before")));
        Assert.Equal(1, scrape.Sum("oneui_overhead_seconds_count", ("phase", "after")));
        Assert.Equal(0, scrape.Sum("oneui_calls_in_flight"));
    }

    [Fact]
    public async Task The_node_that_serves_budgets_says_so()
    {
        await using var hub = await HubHost.StartAsync();
        Assert.Equal(1, (await MetricsText.ScrapeAsync(hub)).Sum("oneui_traffic_lock"));
    }

    [Fact]
    public async Task A_tier_is_called_by_its_name()
    {
        await using var hub = await HubHost.StartAsync();
        using var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        var record = await hub.RecordAsync(answer);
        var name = hub.Services.GetRequiredService<PolicySource>().Current.FindTier(record.TierId)!.Name;
        await Eventually.TrueAsync(
            async () => (await MetricsText.ScrapeAsync(hub)).Sum("oneui_requests_total", ("tier", name)) == 1,
            "the call is counted"
        );
        Assert.Equal(1, (await MetricsText.ScrapeAsync(hub)).Sum("oneui_settlements_total", ("tier", name)));
        using var stranger = await hub.Anonymous.ChatAsync(InferenceCalls.Chat("gpt-4o-mini"));
        await Eventually.TrueAsync(
            async () =>
                (await MetricsText.ScrapeAsync(hub)).Sum("oneui_refusals_total", ("tier", "other"), ("code", "missing_api_key")) == 1,
            "the stranger has no tier"
        );
    }

    [Fact]
    public async Task A_refusal_is_counted_by_its_code()
    {
        await using var hub = await HubHost.StartAsync();
        using var answer = await hub.Client.ChatAsync(InferenceCalls.Chat("unknown"));
        await Eventually.TrueAsync(
            async () =>
                (await MetricsText.ScrapeAsync(hub)).Sum("oneui_refusals_total", ("code", "model_not_found"), ("scope", "none")) == 1,
            "the refusal is counted"
        );
    }

    [Fact]
    public async Task An_open_stream_is_seen_while_it_is_open()
    {
        await using var hub = await HubHost.StartAsync();
        using (var answer = await hub.Client.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless")))
        {
            await Eventually.TrueAsync(
                async () => (await MetricsText.ScrapeAsync(hub)).Sum("oneui_open_streams") == 1,
                "the stream is seen"
            );
        }
        await Eventually.TrueAsync(
            async () => (await MetricsText.ScrapeAsync(hub)).Sum("oneui_cut_streams_total", ("reason", "client_left")) == 1,
            "its end is counted"
        );
        Assert.Equal(0, (await MetricsText.ScrapeAsync(hub)).Sum("oneui_open_streams"));
    }
}
