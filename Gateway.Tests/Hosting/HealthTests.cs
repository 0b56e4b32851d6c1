using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Hosting;

public sealed class HealthTests
{
    [Theory, InlineData("/health", "ok"), InlineData("/health/ready", "ready")]
    public async Task All_is_well_at_first(string path, string status)
    {
        await using var hub = await HubHost.StartAsync();
        var answer = await hub.Anonymous.GetAsync(path);
        var view = await answer.JsonAsync();
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(
            (status, "ok", "ok"),
            (
                view.GetProperty("status").GetString(),
                view.GetProperty("checks").GetProperty("database").GetString(),
                view.GetProperty("checks").GetProperty("litellm").GetString()
            )
        );
    }

    [Fact]
    public async Task An_upstream_that_is_down_is_told_and_the_node_stays_ready()
    {
        var upstream = await FakeUpstream.StartAsync();
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = upstream.Address.ToString() }
        );
        await upstream.DisposeAsync();
        var answer = await hub.Anonymous.GetAsync("/health/ready");
        Assert.Equal(
            (HttpStatusCode.OK, "down"),
            (answer.StatusCode, (await answer.JsonAsync()).GetProperty("checks").GetProperty("litellm").GetString())
        );
    }

    [Fact]
    public async Task Without_an_upstream_the_node_is_ready_and_says_so()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["SANDBOX"] = "false" });
        var answer = await hub.Anonymous.GetAsync("/health/ready");
        Assert.Equal(
            (HttpStatusCode.OK, "not_configured"),
            (answer.StatusCode, (await answer.JsonAsync()).GetProperty("checks").GetProperty("litellm").GetString())
        );
    }

    [Fact]
    public async Task An_upstream_that_is_down_at_start_does_not_keep_the_gateway_from_starting()
    {
        var upstream = await FakeUpstream.StartAsync();
        var address = upstream.Address.ToString();
        await upstream.DisposeAsync();
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["LITELLM_BASE_URL"] = address });
        Assert.Equal(HttpStatusCode.OK, (await hub.Anonymous.GetAsync("/health/ready")).StatusCode);
    }
}
