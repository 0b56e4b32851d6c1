using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Gateway.Telemetry;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>Shadow limits count and report, and change nothing: no status, no bytes, no other limit, no charge.</summary>
public sealed class ShadowOverHttpTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private HubHost Hub => shared.Hub;

    [Fact]
    public async Task Shadow_limits_that_are_passed_are_named_in_a_header_and_counted()
    {
        using var hits = new Hits();
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => (l.Mode, l.RequestsPerMinute, l.TokensPerDay) = ("shadow", 1, 10));
        await Hub.AddBudgetAsync(caller, 1, b => (b.Mode, b.UserId) = ("shadow", caller.UserId));
        var first = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal((HttpStatusCode.OK, "api_key.tokens_per_day, user.budget"), (first.StatusCode, first.Header("x-oneui-shadow")));
        var second = await client.ChatAsync(InferenceCalls.Stream("sandbox-chat"));
        Assert.Equal(
            (HttpStatusCode.OK, "api_key.requests_per_minute, api_key.tokens_per_day, user.budget"),
            (second.StatusCode, second.Header("x-oneui-shadow"))
        );
        foreach (var (name, count) in new[] { ("api_key.requests_per_minute", 1), ("api_key.tokens_per_day", 2), ("user.budget", 2) })
        {
            Assert.InRange(hits.All.Count(h => h == name), count, int.MaxValue); // other gateways of this test run count too
        }
        var seen = await client.AtRestAsync();
        Assert.Equal(2 * 98_000, seen.Budgets.Single().Used); // it goes on counting above itself
        Assert.Equal([2, 26], seen.Rates.Select(r => r.Used));
    }

    [Fact]
    public async Task A_shadow_limit_with_room_is_silent()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => (l.Mode, l.RequestsPerMinute) = ("shadow", 10));
        await Hub.AddKeyBudgetAsync(caller, 10_000_000_000, b => b.Mode = "shadow");
        var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Null(answer.Header("x-oneui-shadow"));
        Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData("sandbox-chat", "")]
    [InlineData("sandbox-unpriced", "")] // no price
    [InlineData("sandbox-chat", ",\"some_new_member\":{\"a\":1}")] // no bound
    [InlineData("sandbox-limits-unknown", "")] // no maximum
    [InlineData("sandbox-chat", ",\"tools\":[{\"type\":\"web_search\"}]")] // a hosted tool
    public async Task The_bytes_that_go_upstream_are_the_clients(string model, string more)
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1, b => b.Mode = "shadow");
        await Hub.AddKeyRateLimitAsync(caller, l => (l.Mode, l.TokensPerMinute) = ("shadow", 1));
        var body = InferenceCalls.Chat(model, more);
        var answer = await client.ChatAsync(body);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(body))),
            Hub.Sandbox!.Ledger.Find(answer.RequestId())!.Received!.BodySha256
        );
    }

    [Fact]
    public async Task Limits_that_enforce_stand_as_if_there_were_no_shadow()
    {
        var (with, withClient) = await CallerAsync();
        var (without, withoutClient) = await CallerAsync();
        await Hub.AddRateLimitAsync(
            with,
            l => (l.UserId, l.Mode, l.RequestsPerMinute, l.TokensPerMinute, l.MaxConcurrent) = (with.UserId, "shadow", 1, 1, 1)
        );
        await Hub.AddBudgetAsync(with, 1, b => (b.UserId, b.Mode) = (with.UserId, "shadow"));
        foreach (var caller in new[] { with, without })
        {
            await Hub.AddKeyRateLimitAsync(caller, l => (l.RequestsPerMinute, l.TokensPerMinute) = (3, 90_000));
            await Hub.AddKeyBudgetAsync(caller, 5_000_000);
        }
        for (var i = 0; i < 5; i++)
        {
            var body = InferenceCalls.Chat("sandbox-chat", ",\"max_tokens\":50");
            var (left, right) = (await withClient.ChatAsync(body), await withoutClient.ChatAsync(body));
            Assert.Equal(right.StatusCode, left.StatusCode);
            Assert.Equal(right.Header("x-ratelimit-remaining-requests"), left.Header("x-ratelimit-remaining-requests"));
            // Between the two the model has shown a little more of what its calls use.
            Assert.InRange(
                long.Parse(right.Header("x-ratelimit-remaining-tokens")!) - long.Parse(left.Header("x-ratelimit-remaining-tokens")!),
                -5,
                5
            );
        }
        var (seenWith, seenWithout) = (await withClient.AtRestAsync(), await withoutClient.AtRestAsync());
        Assert.Equal(seenWithout.Budgets.Single(), seenWith.Budgets.Single(b => b.Scope == "api_key"));
        Assert.Equal(seenWithout.Rates.Select(r => r.Used), seenWith.Rates.Where(r => r.Scope == "api_key").Select(r => r.Used));
    }

    [Fact]
    public async Task A_stream_is_not_cut_for_a_shadow_budget()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1, b => b.Mode = "shadow");
        var record = await Hub.RecordAsync(
            await client.ChatAsync(InferenceCalls.Stream("sandbox-ignores-max-tokens", ",\"max_tokens\":5"))
        );
        Assert.Equal(("ok", 200L), (record.Outcome, record.Usage.Output));
    }

    [Fact]
    public async Task A_call_without_a_bound_is_estimated_and_charged_as_if_there_were_no_shadow_budget()
    {
        var before = await BoundExceededAsync();
        var (_, plainClient) = await CallerAsync();
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1, b => b.Mode = "shadow");
        var body = InferenceCalls.Chat("sandbox-no-usage", ",\"some_new_member\":1");
        var (charged, plain) = (
            await Hub.RecordAsync(await client.ChatAsync(body)),
            await Hub.RecordAsync(await plainClient.ChatAsync(body))
        );
        Assert.True(plain.TotalCostNanoUsd > 0);
        Assert.Equal(("estimated", plain.TotalCostNanoUsd), (charged.UsageSource, charged.TotalCostNanoUsd));
        Assert.Equal(before, await BoundExceededAsync());
    }

    private async Task<double> BoundExceededAsync() => (await MetricsText.ScrapeAsync(Hub)).Sum("oneui_bound_exceeded_total");

    private async Task<(TestKey Caller, HttpClient Client)> CallerAsync()
    {
        var caller = await Hub.AddCallerAsync();
        return (caller, Hub.NewClient(caller.Text));
    }

    // What the counters of this process counted.
    private sealed class Hits : IDisposable
    {
        private readonly MeterListener _listener = new();

        public Hits()
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument is { Name: "oneui_shadow_hits", Meter.Name: GatewayMetrics.MeterName })
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>(
                (_, _, tags, _) =>
                {
                    var labels = tags.ToArray().ToDictionary(t => t.Key, t => t.Value);
                    All.Add($"{labels["scope"]}.{labels["window"]}");
                }
            );
            _listener.Start();
        }

        public ConcurrentBag<string> All { get; } = [];

        public void Dispose() => _listener.Dispose();
    }
}
