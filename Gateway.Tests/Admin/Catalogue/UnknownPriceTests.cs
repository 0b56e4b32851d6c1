using System.Text;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using static Gateway.Tests.Admin.Support.FakeLiteLlm;

namespace Gateway.Tests.Admin.Catalogue;

/// <summary>
/// 0 for a price that nobody knows is no price: budgets go on to bind. And what a form sends back unchanged is not the admin's.
/// </summary>
public sealed class UnknownPriceTests : IAsyncLifetime
{
    private const string Zeros = """{"is_enabled":true,"is_free":false,"input_token_cost":0,"output_token_cost":0}""";
    private const string Priced =
        """{"input_cost_per_token":1e-06,"output_cost_per_token":2e-06,"cache_read_input_token_cost":1e-07,"max_output_tokens":100}""";

    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await StartAsync();
        _upstream.Offers(Row("bare", "acme", """{"max_output_tokens":100,"max_input_tokens":1000}"""), Row("priced", "acme", Priced));
        _upstream.Manage = (call, _) => call.StartsWith("POST /model/", StringComparison.Ordinal) ? "{}" : null;
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task An_edit_of_the_page_leaves_an_unpriced_model_unpriced(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var id = await IdOfAsync(hub, "bare");

        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                "/admin/litellm/models",
                $$"""{"model_id":"{{id}}","description":"x","model_config":{{Zeros}}}"""
            )
        ).Is(200);

        Assert.Equal("price_unknown", await RefusalAsync(hub, "bare"));
        Assert.DoesNotContain("input_cost_per_token", _upstream.Bodies.Last()); // LiteLLM is not told a price either
    }

    [Theory]
    [InlineData("PUT", "/admin/models/{id}", "{\"model_config\":{config}}")]
    [InlineData("PATCH", "/admin/models/{id}", "{\"model_config\":{config}}")]
    [InlineData("PUT", "/admin/model-configs/{config}", "{config}")]
    [InlineData("PUT", "/admin/model-configs/{config}", "{\"rates\":{\"input\":0,\"output\":0,\"cache_read\":0}}")]
    [InlineData("PUT", "/admin/model-configs/{config}", "{\"rates\":{\"request\":0,\"image\":0}}")]
    [InlineData("PUT", "/admin/litellm/models", "{\"model_id\":\"bare\",\"model_config\":{\"input_token_cost\":0}}")]
    public async Task On_every_route_zero_is_no_price(string method, string path, string body)
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "bare");
        var config = (await hub.Admin.Client.ReadAsync($"/admin/model-configs?model_id={id}")).Body.Text("data.0.id");

        (
            await hub.Admin.Client.SendAsync(method, path.Replace("{id}", id).Replace("{config}", config), body.Replace("{config}", Zeros))
        ).Is(200);

        Assert.Equal("price_unknown", await RefusalAsync(hub, "bare"));
        Assert.Equal("{}", (await ConfigAsync(hub, "bare")).At("rates").GetRawText());
    }

    [Fact]
    public async Task A_model_made_with_zeros_has_no_price()
    {
        await using var hub = await _upstream.StartHubAsync();
        var company = (await hub.Admin.Client.ReadAsync("/admin/companies")).Body.Text("data.0.id");
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/models",
                $$"""{"company_id":"{{company}}","name":"own","external_id":"own","max_output_tokens":100,"model_config":{{Zeros}}}"""
            )
        ).Is(201);
        Assert.Equal("price_unknown", await RefusalAsync(hub, "own"));
    }

    [Theory]
    [InlineData("""{"input_cost_per_token":0,"output_cost_per_token":0}""")]
    [InlineData("""{"input_cost_per_token":0.0,"output_cost_per_token":"0"}""")]
    public async Task A_zero_that_litellm_shows_and_nobody_declared_is_no_price(string info)
    {
        _upstream.Offers(Row("zero", "acme", info));
        await using var hub = await _upstream.StartHubAsync();
        Assert.Equal("price_unknown", await RefusalAsync(hub, "zero"));
    }

    [Fact]
    public async Task Only_the_switch_makes_a_model_free_and_its_prices_stand_behind_it()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "priced");

        var refused = await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", $$"""{"model_config":{{Zeros}}}""");
        refused.IsError(400, "validation_failed");
        Assert.Contains("is_free", refused.Body.Text("error"));
        Assert.Equal(0.000001m, (await ConfigAsync(hub, "priced")).Number("input_token_cost"));

        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/models/{id}",
                $$"""{"model_config":{{Zeros.Replace("\"is_free\":false", "\"is_free\":true")}}}"""
            )
        ).Is(200);
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", """{"model_config":{"is_free":false}}""")).Is(200);
        Assert.Equal(
            (0.000001m, 0.000002m),
            ((await ConfigAsync(hub, "priced")).Number("input_token_cost"), (await ConfigAsync(hub, "priced")).Number("output_token_cost"))
        );
    }

    [Fact]
    public async Task One_price_after_the_other_makes_no_model_free_either()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "priced");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", """{"model_config":{"input_token_cost":0}}""")).Is(200);
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", """{"model_config":{"output_token_cost":0}}""")).IsError(
            400,
            "validation_failed"
        );
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", """{"model_config":{"rates":{"output":0,"request":0.01}}}""")).Is(
            200
        );
    }

    [Fact]
    public async Task A_free_model_is_unpriced_again_when_it_is_no_longer_free()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "bare");
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/models/{id}",
                $$"""{"model_config":{{Zeros.Replace("\"is_free\":false", "\"is_free\":true")}}}"""
            )
        ).Is(200);
        Assert.NotEqual("price_unknown", await RefusalAsync(hub, "bare"));
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", $$"""{"model_config":{{Zeros}}}""")).Is(200);
        Assert.Equal("price_unknown", await RefusalAsync(hub, "bare"));
    }

    [Fact]
    public async Task Cached_tokens_may_cost_nothing_where_the_others_cost()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "bare");
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/models/{id}",
                """{"model_config":{"input_token_cost":0.000001,"output_token_cost":0.000002,"cache_read_token_cost":0}}"""
            )
        ).Is(200);
        Assert.Equal("""{"cache_read":0,"input":0.000001,"output":0.000002}""", (await ConfigAsync(hub, "bare")).At("rates").GetRawText());
    }

    [Theory, BothDatabases]
    public async Task A_rate_sent_as_it_stands_stays_litellms_and_follows_its_next_change(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var id = await IdOfAsync(hub, "priced");

        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                "/admin/litellm/models",
                new
                {
                    model_id = id,
                    description = "x",
                    model_config = new
                    {
                        is_enabled = true,
                        is_free = false,
                        input_token_cost = 0.000001m,
                        output_token_cost = 0.000002m,
                    },
                }
            )
        ).Is(200);

        var config = await ConfigAsync(hub, "priced");
        Assert.Equal(("litellm", "[]"), (config.Text("price_source"), config.At("admin_rates").GetRawText()));
        Assert.DoesNotContain("input_cost_per_token", _upstream.Bodies.Last());
        _upstream.Offers(Row("priced", "acme", Priced.Replace("1e-06", "9e-06")));
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Is(200);
        Assert.Equal(0.000009m, (await ConfigAsync(hub, "priced")).Number("input_token_cost"));
    }

    [Fact]
    public async Task Of_two_rates_only_the_changed_one_becomes_the_admins()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "priced");

        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/models/{id}",
                """{"model_config":{"input_token_cost":0.000001,"output_token_cost":0.000005}}"""
            )
        ).Is(200);

        Assert.Equal("""["output"]""", (await ConfigAsync(hub, "priced")).At("admin_rates").GetRawText());
        _upstream.Offers(Row("priced", "acme", Priced.Replace("1e-06", "9e-06").Replace("2e-06", "8e-06")));
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Is(200);
        Assert.Equal(
            (0.000009m, 0.000005m),
            ((await ConfigAsync(hub, "priced")).Number("input_token_cost"), (await ConfigAsync(hub, "priced")).Number("output_token_cost"))
        );
    }

    [Fact]
    public async Task A_member_sent_as_it_stands_is_not_the_admins_either()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "priced");
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/models/{id}",
                """{"description":"x","max_output_tokens":100,"providers":["acme"],"supports_vision":false}"""
            )
        ).Is(200);
        _upstream.Offers(Row("priced", "acme", """{"input_cost_per_token":1e-06,"max_output_tokens":200,"supports_vision":true}"""));
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Is(200);
        var model = (await hub.Admin.Client.ReadAsync($"/admin/models/{id}")).Body.At("data");
        Assert.Equal(
            ("x", 200m, true),
            (model.Text("description"), model.Number("max_output_tokens"), model.At("supports_vision").GetBoolean())
        );
    }

    [Theory]
    [InlineData("POST", "/admin/models/litellm")]
    [InlineData("POST", "/admin/litellm/models")]
    public async Task Zeros_of_a_form_do_not_become_prices_at_litellm(string method, string path)
    {
        await using var hub = await _upstream.StartHubAsync();
        (
            await hub.Admin.Client.SendAsync(
                method,
                path,
                """{"model_name":"n","litellm_params":{"model":"openai/n"},"model_info":{"mode":"chat","input_cost_per_token":0,"output_cost_per_token":0.0,"max_tokens":0}}"""
            )
        ).Is(201);
        Assert.Equal(
            """{"mode":"chat","max_tokens":0}""",
            JsonDocument.Parse(_upstream.Bodies.Last()).RootElement.GetProperty("model_info").GetRawText()
        );
    }

    private static async Task<string?> RefusalAsync(AdminHub hub, string model)
    {
        var key = (await hub.Admin.Client.SendAsync("POST", "/users/me/api-keys", new { name = "budgeted", max_budget = 5 })).Body.Text(
            "api_key"
        );
        using var client = hub.Host.NewClient(key);
        var body = new
        {
            model,
            max_tokens = 5,
            messages = new[] { new { role = "user", content = "Hi" } },
        };
        using var answer = await client.PostAsync(
            "/v1/chat/completions",
            new StringContent(JsonSerializer.Serialize(body), Encoding.UTF8, "application/json")
        );
        var error = JsonDocument.Parse(await answer.Content.ReadAsStringAsync()).RootElement;
        return error.TryGetProperty("error", out var told) && told.TryGetProperty("code", out var code) ? code.GetString() : null;
    }

    private static async Task<string> IdOfAsync(AdminHub hub, string name) =>
        (await hub.Admin.Client.ReadAsync($"/admin/models?search={name}"))
            .Body.At("data")
            .EnumerateArray()
            .Single(m => m.Text("name") == name)
            .Text("id");

    private static async Task<JsonElement> ConfigAsync(AdminHub hub, string name) =>
        (await hub.Admin.Client.ReadAsync($"/admin/models/{await IdOfAsync(hub, name)}")).Body.At("data.model_config");
}
