using System.Text.Json;
using System.Text.Json.Nodes;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.LiteLlm;

/// <summary>Sections 2.7, 2.8, 2.12 and 4.4: what goes on to LiteLLM and comes back.</summary>
public sealed class PassThroughTests : IAsyncLifetime
{
    private const string Groups = """
        {"data":[{"model_group":"m","providers":["openai"],"max_input_tokens":128000.0,"input_cost_per_token":1e-06,"output_cost_per_token":2e-06,"mode":"chat","supports_vision":true},
        {"model_group":"n","providers":["anthropic","bedrock"],"mode":null},{"model_group":"o","providers":["openai"]}]}
        """;

    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(FakeLiteLlm.Row("m", "openai", """{"id":"id-m","input_cost_per_token":1e-06,"output_cost_per_token":2e-06}"""));
        _upstream.Models = _ =>
            Task.FromResult<string?>(
                """{"data":[{"id":"m","object":"model","owned_by":"openai"},{"id":"a/b","object":"model","owned_by":"x"}]}"""
            );
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task Groups_make_companies_and_models_once_and_prices_of_admins_stay(TestDatabase database) // scenario 5
    {
        _upstream.Offers();
        _upstream.Manage = (call, _) => call == "GET /model_group/info" ? Groups : null;
        await using var hub = await _upstream.StartHubAsync(database);

        var companies = await hub.Admin.Client.SendAsync("POST", "/admin/companies/sync");
        Assert.Equal(
            (3m, "Companies synchronized successfully"),
            (companies.Body.Number("data.companies_created"), companies.Body.Text("message"))
        );
        var first = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync-model-group")).Body;
        Assert.Equal(
            (3m, 0m, "Models synchronized from model group successfully"),
            (first.Number("data.created"), first.Number("data.companies_created"), first.Text("message"))
        );
        var second = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync-model-group")).Body;
        Assert.Equal((0m, 0m, 3m), (second.Number("data.created"), second.Number("data.updated"), second.Number("data.unchanged")));

        var model = (await hub.Admin.Client.ReadAsync("/admin/models?search=m"))
            .Body.At("data")
            .EnumerateArray()
            .Single(m => m.Text("name") == "m");
        Assert.Equal(
            ("[\"openai\"]", 128_000m, true, 0.000001m),
            (
                model.Text("providers"),
                model.Number("max_input_tokens"),
                model.At("supports_vision").GetBoolean(),
                model.Number("model_config.input_token_cost")
            )
        );
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/models/{model.Text("id")}",
                new { description = "own", model_config = new { input_token_cost = 0.000005 } }
            )
        ).Is(200);
        _upstream.Manage = (call, _) => call == "GET /model_group/info" ? Groups.Replace("1e-06", "9e-06") : null;
        await hub.Admin.Client.SendAsync("POST", "/admin/models/sync-model-group");
        var kept = (await hub.Admin.Client.ReadAsync($"/admin/models/{model.Text("id")}")).Body;
        Assert.Equal(("own", 0.000005m), (kept.Text("data.description"), kept.Number("data.model_config.input_token_cost")));

        _upstream.ModelInfo = _ => Task.FromResult<string?>(null);
        var deleted = await hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{model.Text("id")}");
        Assert.Equal((false, 1), (deleted.Body.At("data.litellm_deleted").GetBoolean(), deleted.Body.At("data.warnings").GetArrayLength()));
    }

    [Fact]
    public async Task Models_are_listed_made_changed_and_deleted_there()
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.Manage = (call, _) => call.StartsWith("POST /model/", StringComparison.Ordinal) ? "{}" : null;

        var list = (await hub.Admin.Client.ReadAsync("/admin/models/litellm")).Body;
        list.HasExactly("success", "message", "data", "models");
        list.At("data.0").HasExactly("id", "object", "owned_by", "max_tokens", "pricing", "details");
        Assert.Equal(
            (0.000001m, JsonValueKind.Null),
            (list.Number("data.0.pricing.input_cost_per_token"), list.At("data.1.pricing").ValueKind)
        );
        Assert.Equal("a/b", (await hub.Admin.Client.ReadAsync("/admin/models/litellm/a%2Fb")).Body.Text("model.id"));
        Assert.Equal("a/b", (await hub.Admin.Client.ReadAsync("/admin/models/litellm/a/b")).Body.Text("model.id"));

        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/models/litellm",
            new { model_name = "new", litellm_params = new { model = "openai/new", api_key = "sk-secret-1" } }
        );
        created.Is(201);
        Assert.Equal("Model created successfully in LiteLLM", created.Body.Text("message"));
        var sent = JsonNode.Parse(_upstream.Bodies.Last())!;
        Assert.Equal(("new", "sk-secret-1"), ((string?)sent["model_name"], (string?)sent["litellm_params"]!["api_key"]));
        Assert.False(await hub.ReadAsync(db => db.AuditLog.AnyAsync(a => a.After!.Contains("sk-secret-1"))));
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/litellm", new { model_name = "new", litellm_params = new { } })).IsError(
            400,
            "validation_failed"
        );

        (await hub.Admin.Client.SendAsync("PUT", "/admin/models/litellm", new { model_id = "m", litellm_params = new { rpm = 5 } })).Is(
            200
        );
        Assert.Equal("id-m", (string?)JsonNode.Parse(_upstream.Bodies.Last())!["model_info"]!["id"]);
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/models/litellm/m")).Is(200);
        Assert.Equal("{\"id\":\"id-m\"}", _upstream.Bodies.Last());
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/models/litellm/none")).IsError(404, "model_not_found");
        Assert.Contains(_upstream.Calls, c => c.EndsWith("Bearer sk-upstream", StringComparison.Ordinal));
    }

    [Theory, BothDatabases]
    public async Task The_admin_pages_edit_takes_the_prices_per_token(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        _upstream.Manage = (call, _) => call == "POST /model/update" ? "{}" : null;
        var id = await hub.ReadAsync(db => db.Models.Where(m => m.Name == "m").Select(m => m.Id).SingleAsync());

        var answer = await hub.Admin.Client.SendAsync(
            "PUT",
            "/admin/litellm/models",
            new
            {
                model_id = id,
                model_name = "m",
                description = "d",
                model_config = new { input_token_cost = 0.0000025, is_enabled = true },
                model_info = new { input_cost_per_token = 2.5, mode = "chat" },
            }
        );

        answer.Is(200);
        answer.Body.HasExactly("success", "message", "data", "litellm_synced", "warnings");
        Assert.Equal(
            (true, "d", 0.0000025m),
            (
                answer.Body.At("litellm_synced").GetBoolean(),
                answer.Body.Text("data.description"),
                answer.Body.Number("data.model_config.input_token_cost")
            )
        );
        var info = JsonNode.Parse(_upstream.Bodies.Last())!["model_info"]!;
        Assert.Equal((0.0000025m, "chat", "id-m"), ((decimal)info["input_cost_per_token"]!, (string?)info["mode"], (string?)info["id"]));
        _upstream.Manage = (_, _) => null;
        var unsynced = await hub.Admin.Client.SendAsync("PUT", "/admin/litellm/models", new { model_id = id, description = "e" });
        Assert.Equal(
            (200, false, 1, "e"),
            (
                (int)unsynced.Status,
                unsynced.Body.At("litellm_synced").GetBoolean(),
                unsynced.Body.At("warnings").GetArrayLength(),
                unsynced.Body.Text("data.description")
            )
        );
        (await hub.Admin.Client.SendAsync("PUT", "/admin/litellm/models", new { model_id = "nowhere" })).IsError(404, "model_not_found");
    }

    [Fact]
    public async Task Group_and_model_info_have_every_member_the_pages_read()
    {
        _upstream.Manage = (call, _) => call == "GET /model_group/info" ? Groups : null;
        await using var hub = await _upstream.StartHubAsync();
        var groups = (await hub.Admin.Client.ReadAsync("/admin/litellm/models/group-info")).Body;
        groups.HasExactly("data");
        groups
            .At("data.1")
            .HasExactly(
                "model_group",
                "providers",
                "max_input_tokens",
                "max_output_tokens",
                "input_cost_per_token",
                "output_cost_per_token",
                "mode",
                "tpm",
                "rpm",
                "supports_parallel_function_calling",
                "supports_vision",
                "supports_web_search",
                "supports_reasoning",
                "supports_function_calling",
                "supported_openai_params",
                "configurable_clientside_auth_params"
            );
        Assert.Equal(
            (0m, 0, JsonValueKind.Null),
            (
                groups.Number("data.1.max_input_tokens"),
                groups.At("data.1.supported_openai_params").GetArrayLength(),
                groups.At("data.1.tpm").ValueKind
            )
        );
        Assert.Equal(3, (await hub.Admin.Client.ReadAsync("/admin/models/litellm/model-group")).Body.At("data").GetArrayLength());
        var info = (await hub.Admin.Client.ReadAsync("/admin/litellm/models/info")).Body;
        Assert.Equal(
            ("m", "********", "id-m", false),
            (
                info.Text("data.0.model_name"),
                info.Text("data.0.litellm_params.api_key"),
                info.Text("data.0.model_info.id"),
                info.At("data.0.model_info.db_model").GetBoolean()
            )
        );
    }

    [Theory, BothDatabases]
    public async Task Budgets_pass_through_and_are_kept_here_once(TestDatabase database)
    {
        const string Row =
            """{"budget_id":"b/1","max_budget":100.5,"budget_duration":"30d","budget_reset_at":"2026-03-18T10:00:00Z","created_at":"2026-02-16T10:00:00+00:00"}""";
        await using var hub = await _upstream.StartHubAsync(database);
        _upstream.Manage = (call, body) =>
            call switch
            {
                "GET /budget/list" => $"[{Row},{{\"budget_id\":\"uncapped\",\"max_budget\":null}}]",
                "POST /budget/info" => $"[{Row}]",
                "POST /budget/new" => Row,
                "POST /budget/update" or "POST /budget/delete" => body.Contains("b/1") ? Row : "null",
                _ => null,
            };

        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/budgets/litellm",
            new
            {
                max_budget = 100.5,
                budget_duration = "weekly",
                user_id = "anybody",
            }
        );
        created.Is(201);
        created
            .Body.At("budget")
            .HasExactly(
                "id",
                "user_id",
                "team_id",
                "max_budget",
                "spent_budget",
                "budget_duration",
                "reset_at",
                "external_id",
                "source",
                "created_at",
                "updated_at"
            );
        Assert.Equal("7d", (string?)JsonNode.Parse(_upstream.Bodies.Last())!["budget_duration"]);
        Assert.Equal("b/1", (await hub.Admin.Client.ReadAsync("/admin/budgets/litellm/b%2F1")).Body.Text("budget.id"));
        Assert.Equal(2, (await hub.Admin.Client.ReadAsync("/admin/budgets/litellm")).Body.At("budgets").GetArrayLength());
        (await hub.Admin.Client.SendAsync("PUT", "/admin/budgets/litellm", new { id = "b/1", max_budget = 5 })).Is(200);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/budgets/litellm", new { id = "other", max_budget = 5 })).IsError(
            404,
            "budget_not_found"
        );
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/budgets/litellm/other")).IsError(404, "budget_not_found");
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/budgets/litellm/b/1")).Is(200);

        var sync = (await hub.Admin.Client.SendAsync("POST", "/admin/budgets/sync")).Body;
        Assert.Equal((1m, 1), (sync.Number("data.created"), sync.At("data.errors").GetArrayLength()));
        Assert.Equal(
            (0m, 0m, 1m),
            (await hub.Admin.Client.SendAsync("POST", "/admin/budgets/sync")) is var again
                ? (again.Body.Number("data.created"), again.Body.Number("data.updated"), again.Body.Number("data.unchanged"))
                : default
        );
        var kept = await hub.ReadAsync(db => db.Budgets.SingleAsync(b => b.ExternalId == "b/1"));
        Assert.Equal((100_500_000_000, "30d", BudgetSources.LiteLlm), (kept.MaxBudgetNanoUsd, kept.BudgetDuration, kept.Source));
        _upstream.Manage = (_, _) => null;
        var deleted = await hub.Admin.Client.SendAsync("DELETE", $"/admin/budgets/{kept.Id}");
        Assert.False(deleted.Body.At("data.litellm_deleted").GetBoolean());
    }

    [Fact]
    public async Task Keys_pass_through_and_every_member_of_a_key_stands()
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.Manage = (call, _) =>
            call switch
            {
                "GET /user/info" =>
                    """{"user_id":null,"user_info":null,"keys":[{"token":"hash-1","key_alias":"ci","spend":1.5,"models":["m"],"tpm_limit":5}],"teams":[]}""",
                "POST /key/generate" => """{"key":"sk-new","key_name":"sk-...new","token":"hash-2","expires":null}""",
                "POST /key/update" or "POST /key/delete" => "{}",
                _ => null,
            };
        var user = (await hub.Admin.Client.ReadAsync("/admin/litellm/users/info")).Body;
        user.HasExactly("user_id", "user_info", "keys", "teams");
        user.At("keys.0")
            .HasExactly(
                "token",
                "key_name",
                "key_alias",
                "spend",
                "max_budget",
                "expires",
                "models",
                "aliases",
                "config",
                "user_id",
                "team_id",
                "max_parallel_requests",
                "metadata",
                "tpm_limit",
                "rpm_limit",
                "budget_duration",
                "budget_reset_at",
                "allowed_cache_controls",
                "allowed_routes",
                "permissions",
                "model_spend",
                "model_max_budget",
                "blocked",
                "org_id",
                "created_at",
                "created_by",
                "updated_at",
                "updated_by",
                "team_alias"
            );
        Assert.Equal((1.5m, "m", 5m), (user.Number("keys.0.spend"), user.Text("keys.0.models.0"), user.Number("keys.0.tpm_limit")));
        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/litellm/users/keys",
            new
            {
                key_alias = "cd",
                max_budget = 5,
                rpm_limit = 3,
                models = new[] { "m" },
            }
        );
        created.Is(201);
        created.Body.HasExactly("key", "key_name", "key_alias", "user_id", "team_id", "expires", "token");
        Assert.Equal("sk-new", created.Body.Text("key"));
        (await hub.Admin.Client.SendAsync("PUT", "/admin/litellm/users/keys/ci", new { max_budget = (decimal?)null })).Is(200);
        Assert.Equal("{\"max_budget\":null,\"key\":\"hash-1\"}", _upstream.Bodies.Last());
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/litellm/users/keys/hash-1")).Is(200);
        Assert.Equal("{\"keys\":[\"hash-1\"]}", _upstream.Bodies.Last());
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/litellm/users/keys/none")).IsError(404, "not_found");
        var test = (await hub.Admin.Client.SendAsync("POST", "/admin/litellm/test-connection")).Body;
        Assert.Equal(
            (true, 2m, JsonValueKind.Null),
            (test.At("data.reachable").GetBoolean(), test.Number("data.models"), test.At("data.error").ValueKind)
        );
        var dead = (
            await hub.Admin.Client.SendAsync("POST", "/admin/litellm/test-connection", new { base_url = "http://127.0.0.1:1" })
        ).Body;
        Assert.False(dead.At("data.reachable").GetBoolean());
    }
}
