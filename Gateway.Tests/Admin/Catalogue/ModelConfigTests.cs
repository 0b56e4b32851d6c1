using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Catalogue;

/// <summary>Sections 2.7 and 2.9b: switches and prices.</summary>
public sealed class ModelConfigTests : IAsyncLifetime
{
    [Theory, BothDatabases]
    public async Task A_deleted_config_gives_the_upstreams_prices_back_and_a_new_one_can_be_made(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var id = await IdOfAsync(hub, "m");
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/model-configs/{id}",
                """{"input_token_cost":5e-06,"is_enabled":false,"image_cost":1}"""
            )
        ).Is(200);

        var deleted = await hub.Admin.Client.SendAsync("DELETE", $"/admin/model-configs/{id}");

        deleted.Is(200);
        deleted.Body.HasExactly("success", "message", "data");
        var model = (await hub.Admin.Client.ReadAsync("/admin/models?search=m"))
            .Body.At("data")
            .EnumerateArray()
            .Single(m => m.Text("name") == "m");
        Assert.Equal(
            (true, 0.000001m, 0),
            (
                model.At("model_config.is_enabled").GetBoolean(),
                model.Number("model_config.input_token_cost"),
                model.At("model_config.admin_rates").GetArrayLength()
            )
        );
        Assert.True(Policy(hub, "m").IsEnabled);

        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/model-configs",
            new
            {
                model_id = model.Text("id"),
                is_free = true,
                output_token_cost = 0.000003,
            }
        );
        created.Is(201);
        created.Body.At("model_config").HasExactly(Members);
        Assert.Equal(
            (true, 0.000003m, "admin"),
            (
                created.Body.At("data.is_free").GetBoolean(),
                created.Body.Number("data.output_token_cost"),
                created.Body.Text("data.price_source")
            )
        );
        (await hub.Admin.Client.SendAsync("POST", "/admin/model-configs", new { model_id = model.Text("id") })).IsError(409, "conflict");
        (await hub.Admin.Client.SendAsync("POST", "/admin/model-configs", new { model_id = "unknown" })).IsError(404, "model_not_found");
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/model-configs/unknown")).IsError(404, "not_found");
    }

    private static readonly string[] Members =
    [
        "id",
        "model_id",
        "is_free",
        "is_enabled",
        "input_token_cost",
        "output_token_cost",
        "cache_read_token_cost",
        "cache_write_token_cost",
        "reasoning_token_cost",
        "input_audio_token_cost",
        "output_audio_token_cost",
        "image_cost",
        "request_cost",
        "image_token_bound",
        "chat_tier",
        "rates",
        "admin_rates",
        "price_source",
        "created_at",
        "updated_at",
    ];

    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(
            FakeLiteLlm.Row("m", "openai", """{"input_cost_per_token":1e-06,"output_cost_per_token":2e-06}"""),
            FakeLiteLlm.Row("n", "anthropic", """{"mode":"embedding"}""")
        );
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task Chat_clients_list_a_model_under_the_word_of_its_price_or_of_an_admin(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var id = await IdOfAsync(hub, "m");
        Assert.Equal("budget", await ShownTierAsync());

        (await hub.Admin.Client.SendAsync("PUT", $"/admin/model-configs/{id}", new { chat_tier = "specialized" })).Is(200);
        Assert.Equal("specialized", await ShownTierAsync());

        (await hub.Admin.Client.SendAsync("PUT", $"/admin/model-configs/{id}", new { is_enabled = true })).Is(200);
        Assert.Equal("specialized", await ShownTierAsync());

        (await hub.Admin.Client.SendAsync("PUT", $"/admin/model-configs/{id}", """{"chat_tier":null}""")).Is(200);
        Assert.Equal("budget", await ShownTierAsync());

        async Task<string> ShownTierAsync() =>
            (await hub.Anonymous.ReadAsync("/llm/models"))
                .Body.At("models")
                .EnumerateArray()
                .Single(m => m.Text("name") == "m")
                .Text("tier");
    }

    [Theory, BothDatabases]
    public async Task A_price_that_an_admin_sends_is_marked_and_in_force_at_once(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var id = await IdOfAsync(hub, "m");

        var answer = await hub.Admin.Client.SendAsync(
            "PUT",
            $"/admin/model-configs/{id}",
            """{"input_token_cost":2.5e-06,"image_cost":0.04,"image_token_bound":1000,"rates":{"output@priority>200000":0.00001,"cache_read":1.00000000000049e-07}}"""
        );

        answer.Is(200);
        answer.Body.HasExactly("success", "message", "data", "model_config");
        var config = answer.Body.At("data");
        config.HasExactly(Members);
        Assert.Equal(
            """{"cache_read":0.0000001,"image":0.04,"input":0.0000025,"output":0.000002,"output@priority\u003E200000":0.00001}""",
            config.At("rates").GetRawText()
        );
        Assert.Equal(
            ["cache_read", "image", "input", "output@priority>200000"],
            config.At("admin_rates").EnumerateArray().Select(r => r.GetString())
        );
        Assert.Equal(
            (0.0000025m, 0.000002m, 0.04m, 1_000, "admin"),
            (
                config.Number("input_token_cost"),
                config.Number("output_token_cost"),
                config.Number("image_cost"),
                config.Number("image_token_bound"),
                config.Text("price_source")
            )
        );
        Assert.True(Policy(hub, "m").Prices.TryGetRate(TokenClass.Input, ServiceTier.Default, 1, out var rate, out _));
        Assert.Equal(2_500_000, rate.PicoUsd);
    }

    [Theory, BothDatabases]
    public async Task Null_goes_back_to_what_the_upstream_says(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var id = await IdOfAsync(hub, "m");
        await hub.Admin.Client.SendAsync("PATCH", $"/admin/model-configs/{id}", """{"input_token_cost":1,"rates":{"image":1}}""");

        var half = (
            await hub.Admin.Client.SendAsync("PATCH", $"/admin/model-configs/{id}", """{"image_cost":null,"output_token_cost":null}""")
        ).Body.At("data");
        Assert.Equal(("""{"input":1,"output":0.000002}""", "admin"), (half.At("rates").GetRawText(), half.Text("price_source")));

        var whole = (await hub.Admin.Client.SendAsync("PATCH", $"/admin/model-configs/{id}", """{"rates":{"input":null}}""")).Body.At(
            "data"
        );
        Assert.Equal(
            ("""{"input":0.000001,"output":0.000002}""", "[]", "litellm"),
            (whole.At("rates").GetRawText(), whole.At("admin_rates").GetRawText(), whole.Text("price_source"))
        );
        var sync = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.At("data");
        Assert.Equal((0, 2), (sync.Number("updated"), sync.Number("unchanged")));
    }

    [Fact]
    public async Task Switches_are_in_force_at_once()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "m");

        (await hub.Admin.Client.SendAsync("PUT", $"/admin/model-configs/{id}", new { is_free = true, is_enabled = false })).Is(200);

        Assert.Equal((true, false), (Policy(hub, "m").IsFree, Policy(hub, "m").IsEnabled));
        var shown = (await hub.Admin.Client.ReadAsync($"/admin/model-configs/{id}")).Body;
        shown.HasExactly("success", "message", "data", "model_config");
        Assert.Equal(
            (true, false, "litellm"),
            (shown.At("data.is_free").GetBoolean(), shown.At("data.is_enabled").GetBoolean(), shown.Text("data.price_source"))
        );
    }

    [Theory]
    [InlineData("{}", "nothing_to_update", null)]
    [InlineData("{\"price_source\":\"admin\"}", "nothing_to_update", null)]
    [InlineData("{\"is_free\":null}", "validation_failed", "is_free")]
    [InlineData("{\"input_token_cost\":-1}", "validation_failed", "input_token_cost")]
    [InlineData("{\"input_token_cost\":\"1\"}", "validation_failed", "input_token_cost")]
    [InlineData("{\"input_token_cost\":1e40}", "validation_failed", "input_token_cost")]
    [InlineData("{\"image_token_bound\":1.5}", "validation_failed", "image_token_bound")]
    [InlineData("{\"chat_tier\":\"golden\"}", "validation_failed", "chat_tier")]
    [InlineData("{\"rates\":null}", "validation_failed", "rates")]
    [InlineData("{\"rates\":[]}", "validation_failed", "rates")]
    [InlineData("{\"rates\":{\"inputs\":1}}", "validation_failed", "rates.inputs")]
    [InlineData("{\"rates\":{\"input@gold\":1}}", "validation_failed", "rates.input@gold")]
    [InlineData("{\"rates\":{\"input\":true}}", "validation_failed", "rates.input")]
    [InlineData("{\"rates\":{\"input\":1},\"input_token_cost\":2}", "validation_failed", "input_token_cost")]
    public async Task A_wrong_member_changes_nothing(string body, string code, string? field)
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "m");
        var before = (await hub.Admin.Client.ReadAsync($"/admin/model-configs/{id}")).Body.At("data").GetRawText();

        var answer = await hub.Admin.Client.SendAsync("PUT", $"/admin/model-configs/{id}", body);

        answer.IsError(400, code);
        if (field is not null)
        {
            Assert.Equal(field, answer.Body.Text("details.0.field"));
        }
        Assert.Equal(before, (await hub.Admin.Client.ReadAsync($"/admin/model-configs/{id}")).Body.At("data").GetRawText());
    }

    [Fact]
    public async Task A_change_is_audited_with_its_rates_and_named_in_the_change_log()
    {
        await using var hub = await _upstream.StartHubAsync();
        var id = await IdOfAsync(hub, "m");
        var modelId = (await hub.Admin.Client.ReadAsync($"/admin/model-configs/{id}")).Body.Text("data.model_id");
        await hub.Admin.Client.SendAsync("PUT", $"/admin/model-configs/{id}", new { input_token_cost = 0.5, is_enabled = false });

        var audit = (await hub.AuditOfAsync(modelId)).Single();
        Assert.Equal(("model_config.updated", hub.Admin.Id), (audit.Action, audit.ActorId));
        Assert.Equal("""{"is_enabled":true,"price_source":"litellm","rates.input":0.000001}""", audit.Before);
        Assert.Equal("""{"is_enabled":false,"price_source":"admin","rates.input":0.5}""", audit.After);
        Assert.True(await hub.ReadAsync(db => db.ChangeLog.AnyAsync(c => c.EntityType == ChangedEntities.Model && c.EntityId == modelId)));
    }

    [Theory, BothDatabases]
    public async Task Models_are_listed_by_name_and_filtered(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        await hub.Admin.Client.SendAsync(
            "PUT",
            $"/admin/model-configs/{await IdOfAsync(hub, "n")}",
            new { is_enabled = false, is_free = true }
        );
        var company = (await hub.Admin.Client.ReadAsync("/admin/models?search=n")).Body.Text("data.0.company_id");
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            var model = await db.Models.AsNoTracking().FirstAsync(m => m.Name == "m");
            (model.Id, model.Name, model.ExternalId) = ("tier-less", "a", null); // without a config: enabled and not free
            db.Add(model);
            await db.SaveChangesAsync();
        }

        async Task<string> NamesAsync(string query) =>
            string.Concat(
                (await hub.Admin.Client.ReadAsync("/admin/models?" + query)).Body.At("data").EnumerateArray().Select(m => m.Text("name"))
            );

        Assert.Equal("amn", await NamesAsync(""));
        Assert.Equal("am", await NamesAsync("is_enabled=true"));
        Assert.Equal("n", await NamesAsync("is_enabled=0"));
        Assert.Equal("n", await NamesAsync("is_free=1"));
        Assert.Equal("am", await NamesAsync("is_free=false"));
        Assert.Equal("n", await NamesAsync("mode=embedding"));
        Assert.Equal("n", await NamesAsync($"company_id={company}"));
        Assert.Equal("m", await NamesAsync("limit=1&offset=1"));
        Assert.Equal("", await NamesAsync("search=nothing"));
        var list = (await hub.Admin.Client.ReadAsync("/admin/models")).Body;
        list.HasExactly("success", "message", "data", "models", "total_count", "limit", "offset", "has_more");
        list.At("data.0.model_config").HasExactly(Members);
        Assert.True(list.At("data.0.model_config.is_enabled").GetBoolean());
        var configs = (await hub.Admin.Client.ReadAsync($"/admin/model-configs?model_id={list.Text("data.1.id")}")).Body;
        configs.HasExactly("success", "message", "data", "model_configs", "total_count", "limit", "offset", "has_more");
        Assert.Equal(1, configs.Number("total_count"));
    }

    private static PolicyModel Policy(AdminHub hub, string name) =>
        hub.Host.Services.GetRequiredService<PolicySource>().Current.FindModel(name)!;

    private static async Task<string> IdOfAsync(AdminHub hub, string name) =>
        (await hub.Admin.Client.ReadAsync("/admin/models?search=" + name))
            .Body.At("data")
            .EnumerateArray()
            .Single(m => m.Text("name") == name)
            .Text("model_config.id");
}
