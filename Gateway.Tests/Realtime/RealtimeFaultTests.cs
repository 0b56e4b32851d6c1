using System.Net.WebSockets;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Realtime;

/// <summary>Sessions that end badly: each side is told, and what was made is charged.</summary>
public sealed class RealtimeFaultTests
{
    private const WebSocketCloseStatus Broken = WebSocketCloseStatus.InternalServerError;

    [Theory]
    [InlineData("cut", "upstream_truncated", "upstream_truncated")]
    [InlineData("garbage", "upstream_invalid_response", "upstream_invalid")]
    public async Task An_upstream_that_breaks_is_told_and_what_came_is_charged_by_an_estimate(string text, string code, string outcome)
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        await BeginAsync(client, text);
        await client.UntilAsync("response.output_text.delta");
        if (text == "cut")
        {
            await client.SayAsync("And again"); // then the provider cuts
        }
        var error = await client.EndAsync();
        Assert.Equal((code, Broken), (error?.GetProperty("code").GetString(), client.CloseStatus));
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal((outcome, "estimated", 10L), (part.Outcome, part.UsageSource, part.Usage.Output)); // 39 bytes
        Assert.Equal(outcome, (await hub.Hub.RecordAsync(client.SessionId)).Outcome);
    }

    [Fact]
    public async Task An_upstream_that_is_silent_over_a_response_ends_the_session()
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await RealtimeHub.StartAsync(time, ("UPSTREAM_IDLE_SECONDS", "30"));
        using var client = await hub.OpenAsync();
        await BeginAsync(client, "silence");
        await client.UntilAsync("response.output_text.delta");
        var end = client.EndAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Pass(time, end)), "the session ends");
        Assert.Equal(("upstream_timeout", Broken), ((await end)?.GetProperty("code").GetString(), client.CloseStatus));
        await hub.Hub.Client.AtRestAsync();
    }

    [Theory]
    [InlineData("REALTIME_IDLE_SECONDS", "idle")]
    [InlineData("MAX_REALTIME_SECONDS", "longest time")]
    public async Task A_session_that_is_idle_or_too_long_ends_with_the_option(string option, string why)
    {
        var time = new ManualTimeProvider(DateTimeOffset.UtcNow);
        await using var hub = await RealtimeHub.StartAsync(time, (option, "20"));
        using var client = await hub.OpenAsync();
        var end = client.EndAsync();
        await Eventually.TrueAsync(() => Task.FromResult(Pass(time, end)), "the session ends");
        var error = await end;
        Assert.Equal("session_expired", error?.GetProperty("code").GetString());
        Assert.Contains(why, error?.GetProperty("message").GetString(), StringComparison.Ordinal);
        Assert.Contains(option, error?.GetProperty("message").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_client_that_leaves_is_charged_for_what_was_made_and_the_upstream_is_closed()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyRateLimitAsync(caller, l => l.MaxConcurrent = 1);
        using var http = hub.Hub.NewClient(caller.Text);
        using var client = await hub.OpenAsync(caller.Text);
        await BeginAsync(client, "wait");
        await client.UntilAsync("response.output_text.delta");
        var start = DateTime.UtcNow;
        client.Leave();
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal(("client_left", "estimated", 10L), (part.Outcome, part.UsageSource, part.Usage.Output));
        await http.AtRestAsync();
        Assert.InRange(DateTime.UtcNow - start, TimeSpan.Zero, TimeSpan.FromSeconds(8));
        await Eventually.TrueAsync(() => Task.FromResult(hub.Provider.OpenSessions == 0), "the upstream's session is over");
    }

    [Fact]
    public async Task An_error_of_the_upstreams_passes_and_the_session_goes_on()
    {
        await using var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        await BeginAsync(client, "error", waits: false);
        await client.UntilAsync("error");
        await client.AskAsync("Hello");
        Assert.Single(await hub.PartsAsync(client, 1));
    }

    [Fact]
    public async Task A_key_that_is_revoked_ends_the_session_between_two_responses()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await hub.Hub.AddCallerAsync();
        using var client = await hub.OpenAsync(caller.Text);
        await client.AskAsync("Hello");
        await hub.Hub.ChangeKeyAsync(caller, k => k.IsActive = false);
        await client.SayAsync("And again");
        Assert.Equal("api_key_revoked", (await client.EndAsync())?.GetProperty("code").GetString());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.CloseStatus);
    }

    [Fact]
    public async Task A_budget_that_is_made_ends_the_session_behind_the_response_that_is_made()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await hub.Hub.AddCallerAsync();
        using var client = await hub.OpenAsync(caller.Text);
        await BeginAsync(client, "wait");
        await hub.Hub.AddKeyBudgetAsync(caller, 1_000_000_000);
        await client.SendAsync("""{"type":"response.cancel"}""");
        await client.UntilAsync("response.done");
        var error = await client.EndAsync();
        Assert.Equal("unbounded_request", error?.GetProperty("code").GetString());
        Assert.Equal("reported", Assert.Single(await hub.PartsAsync(client, 1)).UsageSource);
    }

    [Fact]
    public async Task Windows_of_tokens_that_are_used_up_end_it_between_two_responses()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerDay = 18);
        using var client = await hub.OpenAsync(caller.Text);
        await client.AskAsync("Hello"); // 18 tokens
        var error = await client.EndAsync();
        Assert.Equal("rate_limit_exceeded", error?.GetProperty("code").GetString());
        Assert.Equal("tokens_per_day", error?.GetProperty("gateway").GetProperty("window").GetString());
    }

    [Theory]
    [InlineData("tokens", "rate_limit_exceeded")]
    [InlineData("billing", "unbounded_request")]
    [InlineData("model", "model_disabled")]
    public async Task What_is_taken_from_its_caller_while_it_runs_ends_it_with_the_next_event(string what, string code)
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await hub.Hub.AddCallerAsync();
        using var client = await hub.OpenAsync(caller.Text);
        await client.AskAsync("Hello"); // 18 tokens
        await (
            what switch
            {
                "tokens" => hub.Hub.AddKeyRateLimitAsync(caller, l => l.TokensPerMinute = 10),
                "billing" => hub.Hub.ChangeUserAsync(caller.UserId, u => u.BillingMode = "prepaid"),
                _ => DisableModelAsync(hub.Hub),
            }
        );
        await client.SayAsync("And again");
        Assert.Equal(code, (await client.EndAsync())?.GetProperty("code").GetString());
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, client.CloseStatus);
        Assert.Single(await hub.PartsAsync(client, 1));
    }

    [Fact]
    public async Task The_stop_of_the_process_is_told()
    {
        var hub = await RealtimeHub.StartAsync();
        using var client = await hub.OpenAsync();
        var stop = hub.DisposeAsync();
        Assert.Equal("not_ready", (await client.EndAsync())?.GetProperty("code").GetString());
        Assert.Equal((WebSocketCloseStatus)1012, client.CloseStatus);
        await stop;
    }

    private static Task DisableModelAsync(HubHost hub)
    {
        var model = hub.ModelId(RealtimeHub.Model);
        return hub.DecideHereAsync(
            ChangedEntities.Model,
            model,
            null,
            db => db.ModelConfigs.Where(c => c.ModelId == model).ExecuteUpdateAsync(set => set.SetProperty(c => c.IsEnabled, false))
        );
    }

    private static async Task BeginAsync(RealtimeClient client, string text, bool waits = true)
    {
        await client.SayAsync(text);
        await client.SendAsync("""{"type":"response.create"}""");
        if (waits)
        {
            await client.UntilAsync("response.created");
        }
    }

    // A timer may be set behind the first step.
    private static bool Pass(ManualTimeProvider time, Task end)
    {
        time.Advance(TimeSpan.FromSeconds(5));
        return end.IsCompleted;
    }
}
