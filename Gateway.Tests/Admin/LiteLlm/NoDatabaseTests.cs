using Gateway.Tests.Admin.Support;
using Gateway.Tests.Usage;

namespace Gateway.Tests.Admin.LiteLlm;

/// <summary>
/// A LiteLLM without a database, played from the recordings of a real one: what needs one says so, and nothing else breaks.
/// </summary>
public sealed class NoDatabaseTests : IAsyncLifetime
{
    private static readonly Dictionary<string, string> Recordings = new()
    {
        ["POST /model/new"] = "nodb-model-new",
        ["POST /model/update"] = "nodb-model-update",
        ["POST /model/delete"] = "nodb-model-delete",
        ["GET /budget/list"] = "nodb-get-budget-list",
        ["POST /budget/info"] = "nodb-budget-info",
        ["GET /budget/settings"] = "nodb-get-budget-settings",
        ["POST /budget/new"] = "nodb-budget-new",
        ["POST /budget/update"] = "nodb-budget-update",
        ["POST /budget/delete"] = "nodb-budget-delete",
        ["GET /user/info"] = "nodb-get-user-info",
        ["POST /key/generate"] = "nodb-key-generate",
        ["GET /spend/logs"] = "nodb-get-spend-logs-dates",
        ["GET /global/spend"] = "nodb-get-global-spend",
        ["GET /global/spend/logs"] = "nodb-get-global-spend-logs",
    };

    private FakeLiteLlm _upstream = null!;
    private AdminHub _hub = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(FakeLiteLlm.Row("m", "openai", """{"id":"id-m","input_cost_per_token":1e-06,"output_cost_per_token":2e-06}"""));
        _upstream.Fail = call =>
            Recordings.TryGetValue(call, out var name) && LiteLlmRecording.Open(name) is var recorded
                ? (recorded.Status, System.Text.Encoding.UTF8.GetString(recorded.Body))
                : null;
        _hub = await _upstream.StartHubAsync();
    }

    public async Task DisposeAsync()
    {
        await _hub.DisposeAsync();
        await _upstream.DisposeAsync();
    }

    [Theory]
    [InlineData("POST", "/admin/models/litellm", """{"model_name":"n","litellm_params":{"model":"openai/n"}}""")]
    [InlineData("PUT", "/admin/models/litellm", """{"model_id":"m","litellm_params":{"rpm":5}}""")]
    [InlineData("DELETE", "/admin/models/litellm/m", null)]
    [InlineData("POST", "/admin/litellm/models", """{"model_name":"n","litellm_params":{"model":"openai/n"}}""")]
    [InlineData("GET", "/admin/budgets/litellm", null)]
    [InlineData("GET", "/admin/budgets/litellm/b", null)]
    [InlineData("GET", "/admin/budgets/litellm/settings?budget_id=b", null)]
    [InlineData("POST", "/admin/budgets/litellm", """{"max_budget":1}""")]
    [InlineData("PUT", "/admin/budgets/litellm", """{"id":"b","max_budget":1}""")]
    [InlineData("DELETE", "/admin/budgets/litellm/b", null)]
    [InlineData("POST", "/admin/budgets/sync", null)]
    [InlineData("POST", "/admin/requests/sync", null)]
    public async Task What_needs_a_database_says_that_there_is_none(string method, string path, string? body)
    {
        var answer = await _hub.Admin.Client.SendAsync(method, path, body);
        answer.IsError(502, "upstream_error");
        Assert.Equal("LiteLLM has no database: its keys, budgets, spend and stored models need one", answer.Body.Text("error"));
    }

    [Fact]
    public async Task The_key_page_works_on_the_keys_here()
    {
        var made = await _hub.Admin.Client.SendAsync("POST", "/admin/litellm/users/keys", new { key_alias = "page", max_budget = 5 });
        made.Is(201);
        var id = made.Body.Text("token");
        var page = await _hub.Admin.Client.ReadAsync("/admin/litellm/users/info");
        Assert.Equal(
            ("page", 5m, "local"),
            (Shown(page).Text("key_alias"), Shown(page).Number("max_budget"), page.Headers.GetValues("X-Data-Source").Single())
        );

        (await _hub.Admin.Client.SendAsync("PUT", $"/admin/litellm/users/keys/{id}", new { max_budget = 7 })).Is(200);
        Assert.Equal(7m, Shown(await _hub.Admin.Client.ReadAsync("/admin/litellm/users/info")).Number("max_budget"));
        (await _hub.Admin.Client.SendAsync("POST", "/admin/litellm/users/keys", new { key_alias = "limited", rpm_limit = 5 })).IsError(
            400,
            "validation_failed"
        );
        (await _hub.Admin.Client.SendAsync("DELETE", $"/admin/litellm/users/keys/{id}")).Is(200);
        (await _hub.Admin.Client.SendAsync("DELETE", "/admin/litellm/users/keys/nobodys")).IsError(404, "not_found");

        System.Text.Json.JsonElement Shown(ApiAnswer answer) => answer.Body.At("keys").EnumerateArray().Single(k => k.Text("token") == id);
    }

    [Fact]
    public async Task Settings_of_budgets_are_empty() =>
        Assert.Equal("{}", (await _hub.Admin.Client.ReadAsync("/admin/budgets/litellm/settings")).Body.At("data").GetRawText());

    [Fact]
    public async Task What_needs_none_goes_on()
    {
        (await _hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Is(200);
        (await _hub.Admin.Client.ReadAsync("/admin/litellm/models/info")).Is(200);
        var spend = await _hub.Admin.Client.ReadAsync("/admin/litellm/global/spend");
        Assert.Equal(("local", 0m), (spend.Headers.GetValues("X-Data-Source").Single(), spend.Body.Number("spend")));
        (await _hub.Admin.Client.ReadAsync("/admin/litellm/global/spend/logs")).Is(200);
        var key = await _hub.Admin.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" });
        key.Is(201);
        (await _hub.Admin.Client.SendAsync("DELETE", $"/api-keys/{key.Body.Text("id")}")).Is(200);
        var id = (await _hub.Admin.Client.ReadAsync("/admin/models")).Body.Text("data.0.id");
        var deleted = (await _hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{id}")).Body;
        Assert.Equal(
            (false, "LiteLLM: LiteLLM has no database: its keys, budgets, spend and stored models need one"),
            (deleted.At("data.litellm_deleted").GetBoolean(), deleted.Text("data.warnings.0"))
        );
    }

    [Fact]
    public async Task Keys_that_shall_be_mirrored_are_not_made()
    {
        await using var hub = await _upstream.StartHubAsync(settings: ("LITELLM_MIRROR_KEYS", "true"));
        (await hub.Admin.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).IsError(502, "upstream_error");
        Assert.DoesNotContain((await hub.Admin.Client.ReadAsync("/users/me/api-keys")).Body.EnumerateArray(), k => k.Text("name") == "k");
    }
}
