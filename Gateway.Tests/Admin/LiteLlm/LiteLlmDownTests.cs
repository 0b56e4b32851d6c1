using Gateway.Tests.Admin.Support;

namespace Gateway.Tests.Admin.LiteLlm;

/// <summary>A LiteLLM that is away or fails: what could not be done and why, without addresses and what it wrote.</summary>
public sealed class LiteLlmDownTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync() => _upstream = await FakeLiteLlm.StartAsync();

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory]
    [InlineData("POST", "/admin/models/sync", null, "failed to get models from LiteLLM: connection refused")]
    [InlineData("GET", "/admin/models/litellm", null, "failed to get models from LiteLLM: connection refused")]
    [InlineData("GET", "/admin/litellm/models/info", null, "failed to get models from LiteLLM: connection refused")]
    [InlineData("GET", "/admin/litellm/models/group-info", null, "failed to get model groups from LiteLLM: connection refused")]
    [InlineData("POST", "/admin/companies/sync", null, "failed to get model groups from LiteLLM: connection refused")]
    [InlineData(
        "POST",
        "/admin/models/litellm",
        """{"model_name":"n","litellm_params":{"model":"openai/n"}}""",
        "failed to create the model in LiteLLM: connection refused"
    )]
    [InlineData("GET", "/admin/budgets/litellm", null, "failed to get budgets from LiteLLM: connection refused")]
    [InlineData("GET", "/admin/budgets/litellm/settings", null, "failed to get budget settings from LiteLLM: connection refused")]
    [InlineData("GET", "/admin/litellm/users/info", null, "failed to get users and keys from LiteLLM: connection refused")]
    [InlineData("POST", "/admin/litellm/users/keys", """{"key_alias":"k"}""", "failed to create the key in LiteLLM: connection refused")]
    [InlineData("DELETE", "/admin/litellm/users/keys/k", null, "failed to get users and keys from LiteLLM: connection refused")]
    public async Task Away_it_says_what_failed_and_why(string method, string path, string? body, string text)
    {
        await using var hub = await _upstream.StartHubAsync(settings: ("LITELLM_TIMEOUT", "5s"));
        await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { litellm_retries = 0 });
        await _upstream.DisposeAsync();

        var answer = await hub.Admin.Client.SendAsync(method, path, body);

        answer.IsError(502, "upstream_error");
        Assert.Equal(text, answer.Body.Text("error"));
    }

    [Theory]
    [InlineData(
        500,
        "{\"detail\":\"secret sk-upstream at 10.0.0.1\"}",
        "failed to get budget settings from LiteLLM: LiteLLM answered status 500"
    )]
    [InlineData(401, "{}", "failed to get budget settings from LiteLLM: LiteLLM does not accept the gateway's key (status 401)")]
    public async Task A_fault_of_litellm_is_not_an_empty_answer(int status, string body, string text)
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.Fail = call => call == "GET /budget/settings" ? (status, body) : null;
        var answer = await hub.Admin.Client.ReadAsync("/admin/budgets/litellm/settings");
        answer.IsError(502, "upstream_error");
        Assert.Equal(text, answer.Body.Text("error"));
    }

    [Theory]
    [InlineData(422, "{\"detail\":[{\"type\":\"missing\",\"loc\":[\"query\",\"budget_id\"]}]}")]
    [InlineData(404, "{\"detail\":\"Not Found\"}")]
    public async Task A_litellm_that_wants_an_id_or_has_no_settings_shows_none(int status, string body)
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.Fail = call => call == "GET /budget/settings" ? (status, body) : null;
        Assert.Equal("{}", (await hub.Admin.Client.ReadAsync("/admin/budgets/litellm/settings")).Body.At("data").GetRawText());
    }

    [Fact]
    public async Task An_answer_that_cannot_be_read_says_so()
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.Fail = _ => (200, "<html>");
        var answer = await hub.Admin.Client.ReadAsync("/admin/models/litellm");
        answer.IsError(502, "upstream_error");
        Assert.Equal("failed to get models from LiteLLM: the answer cannot be read", answer.Body.Text("error"));
    }
}
