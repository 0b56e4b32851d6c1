using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Rates;

/// <summary>Rates as a client meets them: what a no says and in which headers, and the headers of every answer.</summary>
public sealed class RateRefusalsOverHttpTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";

    /// <summary>What a model's first call of this body is taken with: four bytes to a token, and its maximum.</summary>
    private static readonly int FirstEstimate = ((Hello.Length + 3) / 4) + 8;

    private HubHost Hub => shared.Hub;

    [Fact]
    public async Task A_call_above_the_requests_of_a_minute_is_429_with_the_time_to_wait()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.RequestsPerMinute = 2);
        await PassAsync(client, times: 2);
        var refused = await client.ChatAsync(Hello);
        var error = await LimitError.RateAsync(refused, "requests");
        Assert.Equal(("api_key", 2m, "requests_per_minute", 0m), (error.Scope, error.Limit, error.Window, error.Remaining));
        Assert.InRange(int.Parse(error.RetryAfter!), 1, 61);
        Assert.Null(error.ShouldRetry);
        Assert.InRange(error.ResetAt!.Value, DateTime.UtcNow, DateTime.UtcNow.AddSeconds(61));
        Assert.Equal(("2", "0"), (refused.Header("x-ratelimit-limit-requests"), refused.Header("x-ratelimit-remaining-requests")));
    }

    [Fact]
    public async Task A_call_above_the_requests_of_a_day_waits_for_midnight()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.RequestsPerDay = 1);
        await PassAsync(client, times: 1);
        var error = await LimitError.RateAsync(await client.ChatAsync(Hello), "requests");
        Assert.Equal(("requests_per_day", DateTime.UtcNow.Date.AddDays(1)), (error.Window, error.ResetAt));
        Assert.InRange(int.Parse(error.RetryAfter!), 1, 86_400);
    }

    [Fact]
    public async Task A_call_above_the_tokens_of_a_minute_is_refused_as_tokens()
    {
        await using var hub = await HubHost.StartAsync(); // its models have not shown anything yet
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = FirstEstimate + 1);
        await PassAsync(client, times: 1);
        var error = await LimitError.RateAsync(await client.ChatAsync(Hello), "tokens");
        Assert.Equal(
            ("api_key", FirstEstimate + 1m, "tokens_per_minute", FirstEstimate + 1m - 13),
            (error.Scope, error.Limit, error.Window, error.Remaining)
        );
        Assert.NotNull(error.RetryAfter);
    }

    [Theory, InlineData("tokens_per_minute"), InlineData("tokens_per_day")]
    public async Task A_request_larger_than_the_whole_limit_is_refused_at_once_and_says_so(string window)
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(
            caller,
            l => (l.TokensPerMinute, l.TokensPerDay) = window == "tokens_per_minute" ? (50, 0) : (0, 50)
        );
        var before = Hub.Sandbox!.Ledger.Totals().Calls;
        var error = await LimitError.RateAsync(
            await client.ChatAsync(Hello.Replace("\"Hi\"", $"\"{new string('a', 8_000)}\"", StringComparison.Ordinal)),
            "tokens"
        );
        Assert.Equal(
            (window, 50m, 50m, null, null, "false"),
            (error.Window, error.Limit, error.Remaining, error.ResetAt, error.RetryAfter, error.ShouldRetry)
        );
        Assert.Equal("larger_than_limit", error.Reason);
        Assert.Contains("larger than the limit", error.Message, StringComparison.Ordinal);
        Assert.Equal(before, Hub.Sandbox.Ledger.Totals().Calls); // nothing went upstream
    }

    [Fact]
    public async Task A_call_above_those_in_flight_waits_a_second_and_passes_when_one_has_ended()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.MaxConcurrent = 1);
        using (await client.OpenStreamAsync(InferenceCalls.Stream("sandbox-endless")))
        {
            var error = await LimitError.RateAsync(await client.ChatAsync(Hello), "requests");
            Assert.Equal(
                ("max_concurrent", 1m, 0m, "1", null),
                (error.Window, error.Limit, error.Remaining, error.RetryAfter, error.ResetAt)
            );
        }
        await client.AtRestAsync();
        await PassAsync(client, times: 3);
    }

    [Theory, InlineData("api_key"), InlineData("user"), InlineData("team"), InlineData("tier")]
    public async Task The_scope_that_has_no_room_is_named_while_the_others_are_near_their_end(string full)
    {
        var (caller, client) = await CallerAsync();
        var team = await Hub.AddTeamAsync(caller);
        var tier = await Hub.AddTierAsync(caller);
        await Hub.AddRateLimitAsync(caller, l => (l.ApiKeyId, l.RequestsPerMinute) = (caller.Id, Room("api_key")));
        await Hub.AddRateLimitAsync(caller, l => (l.UserId, l.RequestsPerMinute) = (caller.UserId, Room("user")));
        await Hub.AddRateLimitAsync(caller, l => (l.TeamId, l.RequestsPerMinute) = (team, Room("team")));
        await Hub.AddRateLimitAsync(
            caller,
            l => (l.TierId, l.ModelId, l.RequestsPerMinute) = (tier, Hub.ModelId("sandbox-chat"), Room("tier"))
        );
        await PassAsync(client, times: 2);
        var error = await LimitError.RateAsync(await client.ChatAsync(Hello), "requests");
        Assert.Equal((full, 2m, 0m), (error.Scope, error.Limit, error.Remaining));
        Assert.All((await client.LimitsAsync()).Rates, r => Assert.Equal(2, r.Used)); // the refused call took nothing anywhere

        long Room(string scope) => scope == full ? 2 : 3;
    }

    [Fact]
    public async Task When_several_have_no_room_the_key_is_named_first()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddRateLimitAsync(caller, l => (l.UserId, l.RequestsPerMinute) = (caller.UserId, 1));
        await Hub.AddRateLimitAsync(caller, l => (l.ApiKeyId, l.RequestsPerMinute) = (caller.Id, 1));
        await PassAsync(client, times: 1);
        Assert.Equal("api_key", (await LimitError.RateAsync(await client.ChatAsync(Hello), "requests")).Scope);
    }

    [Fact]
    public async Task A_limit_of_one_model_leaves_the_others_alone()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => (l.ModelId, l.RequestsPerMinute) = (Hub.ModelId("sandbox-multibyte"), 1));
        await PassAsync(client, times: 2);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-multibyte"))).StatusCode);
        await LimitError.RateAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-multibyte")), "requests");
    }

    [Fact]
    public async Task Users_of_a_tier_are_counted_apart()
    {
        var (first, firstClient) = await CallerAsync();
        var tier = await Hub.AddTierAsync(first);
        await Hub.AddRateLimitAsync(first, l => (l.TierId, l.ModelId, l.RequestsPerMinute) = (tier, Hub.ModelId("sandbox-chat"), 1));
        var second = await Hub.AddCallerAsync(u => u.TierId = tier);
        using var secondClient = Hub.NewClient(second.Text);
        await PassAsync(firstClient, times: 1);
        await PassAsync(secondClient, times: 1);
        await LimitError.RateAsync(await firstClient.ChatAsync(Hello), "requests");
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task Every_answer_tells_how_the_tightest_limits_stand(bool stream)
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddRateLimitAsync(caller, l => (l.ApiKeyId, l.RequestsPerMinute, l.TokensPerDay) = (caller.Id, 9, 9_000));
        await Hub.AddRateLimitAsync(caller, l => (l.UserId, l.RequestsPerDay, l.TokensPerMinute) = (caller.UserId, 5, 90_000));
        var answer = await client.ChatAsync(
            stream ? Hello.Replace("{\"model\"", "{\"stream\":true,\"model\"", StringComparison.Ordinal) : Hello
        );
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(("5", "4"), (answer.Header("x-ratelimit-limit-requests"), answer.Header("x-ratelimit-remaining-requests")));
        Assert.Matches("^([0-9]+h[0-9]+m)?([0-9]+m)?[0-9.]+s$", answer.Header("x-ratelimit-reset-requests"));
        Assert.Equal("9000", answer.Header("x-ratelimit-limit-tokens"));
        Assert.InRange(long.Parse(answer.Header("x-ratelimit-remaining-tokens")!), 1, 8_999);
        Assert.NotNull(answer.Header("x-ratelimit-reset-tokens"));
    }

    [Fact]
    public async Task An_answer_that_the_upstream_refused_has_the_headers_of_our_limits_and_not_of_its()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(caller, l => l.RequestsPerMinute = 9);
        var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-status-400"));
        Assert.Equal(
            ("9", "8", null),
            (
                answer.Header("x-ratelimit-limit-requests"),
                answer.Header("x-ratelimit-remaining-requests"),
                answer.Header("x-ratelimit-limit-tokens")
            )
        );
    }

    [Fact]
    public async Task Without_limits_there_are_no_such_headers()
    {
        var (_, client) = await CallerAsync();
        var answer = await client.ChatAsync(Hello);
        Assert.DoesNotContain(answer.Headers, h => h.Key.StartsWith("x-ratelimit-", StringComparison.OrdinalIgnoreCase));
    }

    [
        Theory,
        InlineData("requests_per_minute"),
        InlineData("requests_per_day"),
        InlineData("tokens_per_minute"),
        InlineData("tokens_per_day")
    ]
    public async Task Who_waits_as_long_as_told_passes_and_who_waits_a_second_less_does_not(string window)
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 3, 10, 23, 58, 30, 250, TimeSpan.Zero));
        await using var hub = await HubHost.StartAsync(time: time);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.AddKeyRateLimitAsync(
            caller,
            l =>
                (l.RequestsPerMinute, l.RequestsPerDay, l.TokensPerMinute, l.TokensPerDay) = window switch
                {
                    "requests_per_minute" => (1, 0, 0, 0),
                    "requests_per_day" => (0, 1, 0, 0),
                    "tokens_per_minute" => (0, 0, FirstEstimate + 1, 0), // room for one call, not for what one used beside it
                    _ => (0, 0, 0, FirstEstimate + 1),
                }
        );
        await PassAsync(client, times: 1);
        var refused = await client.ChatAsync(Hello);
        var error = await LimitError.RateAsync(refused, window.StartsWith("requests", StringComparison.Ordinal) ? "requests" : "tokens");
        Assert.Equal(window, error.Window);
        var wait = int.Parse(error.RetryAfter!);
        time.Advance(TimeSpan.FromSeconds(wait - 1));
        Assert.Equal(HttpStatusCode.TooManyRequests, (await client.ChatAsync(Hello)).StatusCode);
        time.Advance(TimeSpan.FromSeconds(1));
        await PassAsync(client, times: 1);
    }

    [Theory]
    [InlineData("sandbox-drop-before-headers", 0, 0)] // the upstream never answered: given back
    [InlineData("sandbox-status-500", 1, 0)] // it answered, badly
    [InlineData("sandbox-chat", 1, 13)]
    public async Task What_a_call_counts_is_corrected_at_its_end(string model, long requests, long tokens)
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyRateLimitAsync(
            caller,
            l => (l.RequestsPerMinute, l.RequestsPerDay, l.TokensPerMinute, l.TokensPerDay) = (50, 50, 50_000, 50_000)
        );
        await client.ChatAsync(InferenceCalls.Chat(model, ",\"max_tokens\":50"));
        var seen = await client.AtRestAsync();
        Assert.Equal([requests, tokens, requests, tokens], seen.Rates.Select(r => r.Used));
    }

    private async Task<(TestKey Caller, HttpClient Client)> CallerAsync()
    {
        var caller = await Hub.AddCallerAsync();
        return (caller, Hub.NewClient(caller.Text));
    }

    private static async Task PassAsync(HttpClient client, int times)
    {
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        }
    }
}
