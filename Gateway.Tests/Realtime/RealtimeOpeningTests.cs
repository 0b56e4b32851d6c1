using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Realtime;

/// <summary>Sessions that are not opened: the usual error, before the upgrade.</summary>
public sealed class RealtimeOpeningTests
{
    [Theory]
    [InlineData("/v1/realtime?model=no-such-model", 404, "model_not_found")]
    [InlineData("/v1/realtime", 400, "missing_model")]
    [InlineData("/v1/realtime?model=gpt-4o-mini&call_id=rtc_1", 400, "unsupported_value")]
    [InlineData("/v1/realtime?model=gpt-realtime&intent=transcription", 400, "unsupported_value")]
    [InlineData("/v1/realtime/calls", 404, "not_available")]
    public async Task What_cannot_be_opened_says_why(string path, int status, string code)
    {
        await using var hub = await RealtimeHub.StartAsync();
        var error = await hub.RefusedAsync(hub.Hub.ApiKey, path);
        Assert.Equal((status, code, "gateway"), (error.Status, error.Code, error.Origin));
    }

    [Fact]
    public async Task Without_a_key_or_without_an_upgrade_none_is_opened()
    {
        await using var hub = await RealtimeHub.StartAsync();
        Assert.Equal(401, (await hub.RefusedAsync(null)).Status);
        Assert.Equal("invalid_api_key", (await hub.RefusedAsync($"sk-hub-{new string('a', 16)}-{new string('a', 43)}")).Code);
        var error = await hub.RefusedAsync(hub.Hub.ApiKey, upgrades: false);
        Assert.Equal((426, "upgrade_required"), (error.Status, error.Code));
        Assert.DoesNotContain(hub.Provider.Calls, c => c.Path.Contains("realtime", StringComparison.Ordinal));
    }

    [Fact]
    public async Task On_a_budget_a_model_without_a_bound_is_refused_with_the_remedy()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var model = hub.Hub.ModelId(RealtimeHub.Model);
        await hub.Hub.DecideHereAsync(
            ChangedEntities.Model,
            model,
            null,
            db => db.Models.Where(m => m.Id == model).ExecuteUpdateAsync(set => set.SetProperty(m => m.MaxOutputTokens, (long?)null))
        );
        var caller = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyBudgetAsync(caller, 100_000_000_000);
        var error = await hub.RefusedAsync(caller.Text);
        Assert.Equal((400, "unbounded_request"), (error.Status, error.Code));
        Assert.Contains("max_output_tokens", error.Message, StringComparison.Ordinal);
        using var http = hub.Hub.NewClient(caller.Text);
        await http.AtRestAsync();
    }

    [Fact]
    public async Task A_shadow_budget_lets_it_pass_and_counts_its_responses()
    {
        await using var hub = await RealtimeHub.StartAsync();
        var caller = await hub.Hub.AddCallerAsync();
        await hub.Hub.AddKeyBudgetAsync(caller, 1_000_000_000, b => b.Mode = "shadow");
        using var client = await hub.OpenAsync(caller.Text);
        await client.AskAsync("Hello");
        var part = Assert.Single(await hub.PartsAsync(client, 1));
        Assert.Equal(168_000, part.TotalCostNanoUsd);
        using var http = hub.Hub.NewClient(caller.Text);
        Assert.Equal(168_000, Assert.Single((await http.LimitsAsync()).Budgets).Used);
    }

    [
        Theory,
        InlineData(401, 502, "upstream_refused"),
        InlineData(429, 429, "rate_limit_exceeded"),
        InlineData(0, 502, "upstream_unreachable")
    ]
    public async Task The_upstreams_error_is_passed_on_and_free(int there, int status, string code)
    {
        await using var hub = await RealtimeHub.StartAsync();
        hub.Provider.FailsWith = there;
        var error = await hub.RefusedAsync(hub.Hub.ApiKey);
        Assert.Equal((status, code), (error.Status, error.Code));
        await hub.Hub.Client.AtRestAsync();
    }

    [Fact]
    public async Task A_model_of_an_upstream_without_sessions_is_refused()
    {
        await using var hub = await HubHost.StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/v1/realtime?model=sandbox-chat");
        request.Headers.TryAddWithoutValidation("Connection", "Upgrade");
        request.Headers.TryAddWithoutValidation("Upgrade", "websocket");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Version", "13");
        request.Headers.TryAddWithoutValidation("Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==");
        var error = await (await hub.Client.SendAsync(request)).ErrorAsync();
        Assert.Equal((400, "unsupported_api"), (error.Status, error.Code));
    }
}
