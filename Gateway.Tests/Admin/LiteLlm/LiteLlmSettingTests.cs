using Gateway.Tests.Admin.Support;

namespace Gateway.Tests.Admin.LiteLlm;

/// <summary>Section 4.12, the settings of category <c>litellm</c>: they act at once, or say that they do not.</summary>
public sealed class LiteLlmSettingTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync() => _upstream = await FakeLiteLlm.StartAsync();

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Fact]
    public async Task The_stored_timeout_acts_at_once()
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.ModelInfo = NeverAsync;
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { litellm_timeout_ms = 200 })).Is(200);
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).IsError(504, "upstream_timeout");
    }

    [Fact]
    public async Task The_environment_wins_over_the_stored_timeout_and_the_setting_says_so()
    {
        await using var hub = await _upstream.StartHubAsync(settings: ("LITELLM_TIMEOUT", "20s"));
        _upstream.ModelInfo = async http =>
        {
            await Task.Delay(TimeSpan.FromSeconds(1), http.RequestAborted); // longer than stored, shorter than in the environment
            return """{"data":[]}""";
        };
        var stored = (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/litellm_timeout_ms", new { value = 100 })).Body;
        Assert.Equal(
            (false, "LITELLM_TIMEOUT is set in the environment and wins."),
            (stored.At("data.is_effective").GetBoolean(), stored.Text("data.note"))
        );
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Is(200);
    }

    [Theory]
    [InlineData(0, 502, 1)]
    [InlineData(2, 200, 3)]
    public async Task Reads_are_tried_again_as_often_as_the_setting_says(int retries, int status, int calls)
    {
        await using var hub = await _upstream.StartHubAsync();
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { litellm_retries = retries })).Is(200);
        var tried = 0;
        _upstream.Fail = call => call == "GET /budget/list" && ++tried < 3 ? (503, "{}") : null;
        _upstream.Manage = (call, _) => call == "GET /budget/list" ? "[]" : null;
        (await hub.Admin.Client.ReadAsync("/admin/budgets/litellm")).Is(status);
        Assert.Equal(calls, tried);
    }

    [Fact]
    public async Task Writes_are_never_tried_again()
    {
        await using var hub = await _upstream.StartHubAsync();
        var tried = 0;
        _upstream.Fail = call => call == "POST /budget/new" && ++tried > 0 ? (503, "{}") : null;
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets/litellm", new { max_budget = 1 })).IsError(502, "upstream_error");
        Assert.Equal(1, tried);
    }

    [Theory]
    [InlineData("litellm_base_url", false)]
    [InlineData("litellm_api_key", false)]
    [InlineData("litellm_timeout_ms", true)]
    [InlineData("litellm_retries", true)]
    [InlineData("chat_temperature", true)]
    [InlineData("default_monthly_budget", true)]
    public async Task A_setting_tells_whether_it_has_an_effect(string key, bool isEffective)
    {
        await using var hub = await _upstream.StartHubAsync();
        var setting = (await hub.Admin.Client.ReadAsync($"/admin/settings/{key}")).Body.At("data");
        Assert.Equal(
            (isEffective, isEffective),
            (setting.At("is_effective").GetBoolean(), setting.At("note").ValueKind == System.Text.Json.JsonValueKind.Null)
        );
    }

    private static async Task<string?> NeverAsync(Microsoft.AspNetCore.Http.HttpContext http)
    {
        await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
        return null;
    }
}
