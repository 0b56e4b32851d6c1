using System.Text.Json;
using Gateway.Admin;
using Gateway.Core.Policy;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static Gateway.Tests.Admin.Support.FakeLiteLlm;

namespace Gateway.Tests.Admin.Catalogue;

/// <summary>Section 4.4.1 to 4.4.5.</summary>
public sealed class ModelSyncTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync() => _upstream = await FakeLiteLlm.StartAsync();

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task A_first_sync_creates_and_a_second_changes_nothing(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        _upstream.Offers(
            Row(
                "m-a",
                "openai",
                """{"mode":"chat","input_cost_per_token":2.5e-06,"output_cost_per_token":"0.00001","max_input_tokens":128000.0,"max_output_tokens":16384,"supports_vision":true,"supported_openai_params":["tools","n"]}"""
            ),
            Row("m-b", "OpenAI", """{"mode":"embedding","max_input_tokens":null}"""),
            Row("m-c", "anthropic")
        );

        var first = await hub.Admin.Client.SendAsync("POST", "/admin/models/sync");

        first.Is(200);
        first.Body.HasExactly("success", "message", "data");
        Assert.Equal("Models synchronized successfully", first.Body.Text("message"));
        var result = first.Body.At("data");
        result.HasExactly("created", "updated", "unchanged", "companies_created", "missing", "errors", "duration_ms", "deleted");
        Assert.Equal((3, 0, 0, 2), Counts(result));

        var revision = await RevisionAsync(hub);
        var second = await hub.Admin.Client.SendAsync("POST", "/admin/models/sync");
        Assert.Equal((0, 0, 3, 0), Counts(second.Body.At("data")));
        Assert.Equal(revision, await RevisionAsync(hub));
        Assert.All(_upstream.Calls, c => Assert.EndsWith(" Bearer sk-upstream", c));

        var model = (await hub.Admin.Client.ReadAsync("/admin/models?search=M-A")).Body.At("data.0");
        model.HasExactly(
            "id",
            "company_id",
            "name",
            "description",
            "features",
            "external_id",
            "aliases",
            "providers",
            "max_input_tokens",
            "max_output_tokens",
            "mode",
            "supports_parallel_function_calling",
            "supports_vision",
            "supports_web_search",
            "supports_reasoning",
            "supports_function_calling",
            "supported_openai_params",
            "prompt_overhead_tokens",
            "tools_overhead_tokens",
            "reasoning_outside_max",
            "last_synced_at",
            "created_at",
            "updated_at",
            "company",
            "model_config"
        );
        Assert.Equal(
            ("m-a", "m-a", "AI model: m-a", "[\"openai\"]", "[\"tools\",\"n\"]", "chat"),
            (
                model.Text("name"),
                model.Text("external_id"),
                model.Text("description"),
                model.Text("providers"),
                model.Text("supported_openai_params"),
                model.Text("mode")
            )
        );
        Assert.Equal(
            (128_000, 16_384, true, false),
            (
                model.Number("max_input_tokens"),
                model.Number("max_output_tokens"),
                model.At("supports_vision").GetBoolean(),
                model.At("supports_reasoning").GetBoolean()
            )
        );
        model.At("company").HasExactly("id", "name", "logo_url", "description", "external_id", "models_count", "created_at", "updated_at");
        Assert.Equal(
            ("openai", "AI provider openai", 2),
            (model.Text("company.name"), model.Text("company.description"), model.Number("company.models_count"))
        );
        Assert.Equal(
            ("0.0000025", "0.00001", "litellm"),
            (
                model.At("model_config.input_token_cost").GetRawText(),
                model.At("model_config.output_token_cost").GetRawText(),
                model.Text("model_config.price_source")
            )
        );
        Assert.Equal((false, true), (model.At("model_config.is_free").GetBoolean(), model.At("model_config.is_enabled").GetBoolean()));
    }

    [Theory, BothDatabases]
    public async Task What_admins_decided_stays_and_the_rest_follows_the_upstream(TestDatabase database)
    {
        _upstream.Offers(
            Row(
                "m",
                "openai",
                """{"input_cost_per_token":1e-06,"output_cost_per_token":2e-06,"cache_read_input_token_cost":1e-07,"max_output_tokens":10}"""
            )
        );
        await using var hub = await _upstream.StartHubAsync(database);
        var config = await ConfigIdAsync(hub);
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/model-configs/{config}",
                new
                {
                    input_token_cost = 0.5,
                    is_free = true,
                    is_enabled = false,
                }
            )
        ).Is(200);
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            var row = await db.Models.SingleAsync();
            (row.Name, row.MaxOutputTokens, row.AdminEdited) = ("Renamed", 99, ["name", "max_output_tokens"]);
            await db.SaveChangesAsync();
        }

        _upstream.Offers(
            Row(
                "m",
                "openai",
                """{"input_cost_per_token":7e-06,"output_cost_per_token":8e-06,"max_output_tokens":20,"supports_reasoning":true}"""
            )
        );
        Assert.Equal((0, 1, 0, 0), Counts((await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.At("data")));

        var model = (await hub.Admin.Client.ReadAsync("/admin/models")).Body.At("data.0");
        Assert.Equal(
            ("Renamed", 99, true),
            (model.Text("name"), model.Number("max_output_tokens"), model.At("supports_reasoning").GetBoolean())
        );
        var shown = model.At("model_config");
        Assert.Equal(
            (true, false, "admin"),
            (shown.At("is_free").GetBoolean(), shown.At("is_enabled").GetBoolean(), shown.Text("price_source"))
        );
        Assert.Equal("""{"input":0.5,"output":0.000008}""", shown.At("rates").GetRawText());
        Assert.Equal("[\"input\"]", shown.At("admin_rates").GetRawText());
    }

    [Fact]
    public async Task A_model_that_is_gone_upstream_is_kept_and_named()
    {
        _upstream.Offers(Row("b", "openai"), Row("a", "openai"), Row("c", "openai"));
        await using var hub = await _upstream.StartHubAsync();
        _upstream.Offers(Row("c", "openai"));

        var result = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.At("data");

        Assert.Equal("[\"a\",\"b\"]", result.At("missing").GetRawText());
        Assert.Equal(3, (await hub.Admin.Client.ReadAsync("/admin/models")).Body.Number("total_count"));
    }

    [Theory, BothDatabases]
    public async Task One_bad_item_does_not_stop_the_rest(TestDatabase database)
    {
        _upstream.Offers(
            Row(new string('x', 256), "openai"),
            "{\"model_info\":{}}",
            "5",
            """{"model_name":"broken\u0000name"}""",
            """{"model_name":"half","model_info":{"litellm_provider":"\ud800"}}""",
            Row("good", new string('p', 300), $$"""{"mode":"{{new string('m', 60)}}"}""")
        );
        await using var hub = await _upstream.StartHubAsync(database);

        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/models/sync");

        answer.Is(200);
        Assert.Equal(5, answer.Body.At("data.errors").GetArrayLength());
        answer.Body.At("data.errors.0").HasExactly("id", "message");
        Assert.Equal(
            ["good"],
            (await hub.Admin.Client.ReadAsync("/admin/models")).Body.At("data").EnumerateArray().Select(m => m.Text("name"))
        );
    }

    [Fact]
    public async Task A_name_that_is_an_alias_here_is_not_taken_because_no_policy_would_compile()
    {
        _upstream.Offers(Row("a", "openai"));
        await using var hub = await _upstream.StartHubAsync();
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            (await db.Models.SingleAsync()).Aliases = ["b"];
            await db.SaveChangesAsync();
        }
        _upstream.Offers(Row("a", "openai"), Row("b", "openai"), Row("c", "openai"));

        var result = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.At("data");

        Assert.Equal(("b", 1), (result.Text("errors.0.id"), result.Number("created")));
        var policy = hub.Host.Services.GetRequiredService<PolicySource>().Current;
        Assert.Equal(("a", "c"), (policy.FindModel("b")!.Name, policy.FindModel("c")!.Name));
    }

    [Fact]
    public async Task Deployments_of_one_name_become_one_model_at_the_dearest_rates()
    {
        _upstream.Offers(
            Row(
                "m",
                "openai",
                """{"input_cost_per_token":1e-06,"output_cost_per_token":9e-06,"cache_read_input_token_cost":1e-07,"max_input_tokens":100,"max_output_tokens":10}"""
            ),
            Row(
                "m",
                "azure",
                """{"input_cost_per_token":2e-06,"output_cost_per_token":5e-06,"max_input_tokens":200,"max_output_tokens":5,"supports_vision":true}"""
            )
        );
        await using var hub = await _upstream.StartHubAsync();

        var model = (await hub.Admin.Client.ReadAsync("/admin/models")).Body.At("data.0");

        // A cached token at the second deployment costs its input price.
        Assert.Equal("""{"cache_read":0.000002,"input":0.000002,"output":0.000009}""", model.At("model_config.rates").GetRawText());
        Assert.Equal(
            (200, 10, true),
            (model.Number("max_input_tokens"), model.Number("max_output_tokens"), model.At("supports_vision").GetBoolean())
        );
        Assert.Equal("[\"openai\",\"azure\"]", model.Text("providers"));
    }

    [Fact]
    public async Task An_input_limit_that_one_deployment_does_not_tell_is_unknown()
    {
        _upstream.Offers(Row("m", "openai", """{"max_input_tokens":100,"max_output_tokens":10}"""), Row("m", "azure"));
        await using var hub = await _upstream.StartHubAsync();
        var model = (await hub.Admin.Client.ReadAsync("/admin/models")).Body.At("data.0");

        Assert.Equal((JsonValueKind.Null, 10), (model.At("max_input_tokens").ValueKind, model.Number("max_output_tokens")));
    }

    [Fact]
    public async Task Where_litellm_knows_no_price_the_shipped_list_counts()
    {
        _upstream.Offers(
            Row("gpt-4o", "openai", """{"input_cost_per_token":null}"""),
            Row("gpt-4o-mini", "openai", """{"input_cost_per_token":0,"output_cost_per_token":0}"""),
            Row(
                "gpt-4.1",
                "openai",
                """{"input_cost_per_token":0,"output_cost_per_token":0,"pricing_overrides":["input_cost_per_token"]}"""
            ),
            Row("nobody-knows", "openai")
        );
        await using var hub = await _upstream.StartHubAsync();
        var configs = (await hub.Admin.Client.ReadAsync("/admin/models"))
            .Body.At("data")
            .EnumerateArray()
            .ToDictionary(m => m.Text("name"), m => m.At("model_config"));

        Assert.Equal(
            ("shipped", "0.0000025"),
            (configs["gpt-4o"].Text("price_source"), configs["gpt-4o"].At("input_token_cost").GetRawText())
        );
        Assert.Equal("shipped", configs["gpt-4o-mini"].Text("price_source")); // an undeclared zero says nothing
        Assert.Equal(("litellm", "0"), (configs["gpt-4.1"].Text("price_source"), configs["gpt-4.1"].At("input_token_cost").GetRawText()));
        Assert.Equal(
            ("litellm", "{}", JsonValueKind.Null),
            (
                configs["nobody-knows"].Text("price_source"),
                configs["nobody-knows"].At("rates").GetRawText(),
                configs["nobody-knows"].At("input_token_cost").ValueKind
            )
        );
    }

    [Fact]
    public async Task Without_model_info_the_names_are_taken()
    {
        _upstream.ModelInfo = _ => Task.FromResult<string?>(null);
        _upstream.Models = _ =>
            Task.FromResult<string?>(
                """{"data":[{"id":"gpt-4o","owned_by":"openai"},{"id":"groq/llama","owned_by":"openai"},{"id":"own","owned_by":null},{"id":"openai/*"}]}"""
            );
        await using var hub = await _upstream.StartHubAsync();
        var models = (await hub.Admin.Client.ReadAsync("/admin/models"))
            .Body.At("data")
            .EnumerateArray()
            .ToDictionary(m => m.Text("name"), m => m.Text("company.name"));

        Assert.Equal(
            new Dictionary<string, string>
            {
                ["gpt-4o"] = "openai",
                ["groq/llama"] = "groq",
                ["own"] = "unknown",
            },
            models
        );
    }

    [Fact]
    public async Task A_wildcard_is_taken_as_the_names_that_it_stands_for()
    {
        _upstream.Offers(Row("openai/*", "openai"), Row("m", "openai", """{"input_cost_per_token":1e-06}"""));
        _upstream.Models = _ => Task.FromResult<string?>("""{"data":[{"id":"openai/gpt-4o"},{"id":"m"}]}""");
        await using var hub = await _upstream.StartHubAsync();
        var models = (await hub.Admin.Client.ReadAsync("/admin/models"))
            .Body.At("data")
            .EnumerateArray()
            .ToDictionary(m => m.Text("name"), m => m.Number("model_config.input_token_cost"));

        Assert.Equal(new Dictionary<string, decimal> { ["m"] = 0.000001m, ["openai/gpt-4o"] = 0.0000025m }, models);
    }

    [Fact]
    public async Task A_second_call_joins_the_sync_under_way_and_a_client_that_gives_up_does_not_stop_it()
    {
        await using var hub = await _upstream.StartHubAsync();
        var asked = 0;
        var isAsked = new TaskCompletionSource();
        var mayAnswer = new TaskCompletionSource();
        _upstream.ModelInfo = async _ =>
        {
            Interlocked.Increment(ref asked);
            isAsked.TrySetResult();
            await mayAnswer.Task;
            return $$"""{"data":[{{Row("m", "openai")}}]}""";
        };
        using var impatience = new CancellationTokenSource();
        var sync = hub.Host.Services.GetRequiredService<ModelSync>();
        var first = sync.SyncModelsAsync(impatience.Token);
        await isAsked.Task;
        var second = sync.SyncModelsAsync(default);
        await impatience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        mayAnswer.SetResult();

        Assert.Equal(1, (await second).Created);
        Assert.Equal(1, asked);
        Assert.Equal(0, (await sync.SyncModelsAsync(default)).Created); // the next one is a sync of its own
        Assert.Equal(2, asked);
    }

    [Fact]
    public async Task An_upstream_that_is_away_answers_502_and_nothing_of_its_inside()
    {
        await using var hub = await _upstream.StartHubAsync();
        await _upstream.DisposeAsync();
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/models/sync");

        answer.IsError(502, "upstream_error");
        Assert.DoesNotContain("127.0.0.1", answer.Raw);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("{}")]
    [InlineData("not json")]
    public async Task An_upstream_that_tells_nothing_answers_502(string? body)
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.ModelInfo = _ => Task.FromResult(body);
        _upstream.Models = _ => Task.FromResult(body);
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).IsError(502, "upstream_error");
    }

    [Fact]
    public async Task A_silent_upstream_answers_504()
    {
        await using var hub = await _upstream.StartHubAsync(settings: ("LITELLM_TIMEOUT", "200ms"));
        _upstream.ModelInfo = async http =>
        {
            await Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default);
            return null;
        };
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).IsError(504, "upstream_timeout");
    }

    [Fact]
    public async Task Without_an_upstream_it_answers_503()
    {
        await using var hub = await AdminHub.StartAsync(settings: new Dictionary<string, string> { ["SANDBOX"] = "false" });
        (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).IsError(503, "litellm_not_configured");
    }

    [Fact]
    public async Task A_sync_on_the_interval_brings_new_models_in_force()
    {
        await using var hub = await _upstream.StartHubAsync(settings: ("MODEL_SYNC_SECONDS", "0.1"));
        _upstream.Offers(Row("late", "openai"));
        var policy = hub.Host.Services.GetRequiredService<PolicySource>();
        await Eventually.TrueAsync(() => Task.FromResult(policy.Current.FindModel("late") is not null), "the model is in the policy");
    }

    [Theory, BothDatabases]
    public async Task A_sync_of_groups_takes_nothing_away_that_groups_do_not_tell(TestDatabase database)
    {
        _upstream.Offers(
            Row(
                "m",
                "openai",
                """{"mode":"chat","max_input_tokens":1000,"max_output_tokens":100,"input_cost_per_token":1e-06,"output_cost_per_token":2e-06,"cache_read_input_token_cost":1e-07,"supported_openai_params":["tools"]}"""
            )
        );
        await using var hub = await _upstream.StartHubAsync(database);
        var before = (await hub.Admin.Client.ReadAsync("/admin/models?search=m")).Body.At("data.0");

        _upstream.Manage = (call, _) =>
            call == "GET /model_group/info" ? """{"data":[{"model_group":"m","providers":["openai"],"mode":"chat"}]}""" : null;
        var bare = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync-model-group")).Body;
        Assert.Equal((0m, 1m), (bare.Number("data.updated"), bare.Number("data.unchanged")));

        _upstream.Manage = (call, _) =>
            call == "GET /model_group/info"
                ? """{"data":[{"model_group":"m","providers":["openai"],"mode":"chat","input_cost_per_token":3e-06,"output_cost_per_token":2e-06}]}"""
                : null;
        await hub.Admin.Client.SendAsync("POST", "/admin/models/sync-model-group");
        var after = (await hub.Admin.Client.ReadAsync("/admin/models?search=m")).Body.At("data.0");
        Assert.Equal(
            (0.000003m, 0.0000001m, 1_000m, 100m),
            (
                after.Number("model_config.input_token_cost"),
                after.Number("model_config.cache_read_token_cost"),
                after.Number("max_input_tokens"),
                after.Number("max_output_tokens")
            )
        );
        Assert.Equal(before.Text("supported_openai_params"), after.Text("supported_openai_params"));
    }

    [Fact]
    public async Task Who_asked_and_what_changed_are_audited()
    {
        await using var hub = await _upstream.StartHubAsync();
        _upstream.Offers(Row("m", "openai"));
        await hub.Admin.Client.SendAsync("POST", "/admin/models/sync");
        var audit = await hub.AuditOfAsync("*");

        Assert.Equal([("models.synced", null), ("models.sync_requested", hub.Admin.Id)], audit.Select(a => (a.Action, a.ActorId)));
        Assert.Equal("""{"created":1,"updated":0,"companies_created":1}""", audit[0].After);
    }

    [Fact]
    public async Task The_sandbox_catalogue_comes_in_whole()
    {
        await using var hub = await AdminHub.StartAsync();
        var result = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.At("data");

        Assert.Equal((0, 0, 0), (result.Number("created"), result.Number("updated"), result.At("errors").GetArrayLength()));
        Assert.True(result.Number("unchanged") > 5);
    }

    private static (int Created, int Updated, int Unchanged, int Companies) Counts(JsonElement result) =>
        (
            (int)result.Number("created"),
            (int)result.Number("updated"),
            (int)result.Number("unchanged"),
            (int)result.Number("companies_created")
        );

    private static Task<long> RevisionAsync(AdminHub hub) => hub.ReadAsync(db => db.PolicyRevisions.Select(r => r.Revision).SingleAsync());

    private static async Task<string> ConfigIdAsync(AdminHub hub) =>
        (await hub.Admin.Client.ReadAsync("/admin/model-configs")).Body.Text("data.0.id");
}
