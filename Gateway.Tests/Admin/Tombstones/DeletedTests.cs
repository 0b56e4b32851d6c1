using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using static Gateway.Tests.Admin.Support.FakeLiteLlm;

namespace Gateway.Tests.Admin.Tombstones;

/// <summary>
/// What an admin deleted stays deleted though LiteLLM has it still, until an admin lets it come back; and sums keep its name.
/// </summary>
public sealed class DeletedTests : IAsyncLifetime
{
    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await StartAsync();
        _upstream.Offers(Row("m", "acme", """{"input_cost_per_token":1e-06}"""), Row("n", "other"));
        _upstream.Manage = (call, _) =>
            call switch
            {
                "GET /model_group/info" =>
                    """{"data":[{"model_group":"m","providers":["acme"]},{"model_group":"n","providers":["other"]}]}""",
                "GET /budget/list" => """[{"budget_id":"b","max_budget":10}]""",
                "POST /model/new" => "{}",
                _ => null,
            };
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task A_deleted_model_stays_away_until_it_is_restored(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var id = await IdOfAsync(hub, "m");
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{id}")).Is(200);

        foreach (var sync in new[] { "/admin/models/sync", "/admin/models/sync-model-group" })
        {
            var result = (await hub.Admin.Client.SendAsync("POST", sync)).Body.At("data");
            Assert.Equal((0m, "m", 0), (result.Number("created"), result.Text("deleted.0"), result.At("errors").GetArrayLength()));
        }
        Assert.Null(await IdOfAsync(hub, "m"));
        var listed = (await hub.Admin.Client.ReadAsync("/admin/deleted?type=model&is_held=true")).Body.At("data.0");
        Assert.Equal(
            ("model", id, "m", "m", true),
            (listed.Text("type"), listed.Text("id"), listed.Text("name"), listed.Text("external_id"), listed.At("is_held").GetBoolean())
        );

        (await hub.Admin.Client.SendAsync("POST", $"/admin/deleted/model/{id}/restore")).Is(200);
        Assert.Equal(1m, (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.Number("data.created"));
        Assert.NotNull(await IdOfAsync(hub, "m"));
        Assert.Equal(
            ["model.created", "model.deleted", "model.restored"],
            (await hub.AuditOfAsync(id!)).Select(a => a.Action).Prepend("model.created").Distinct()
        );
        Assert.Empty((await hub.Admin.Client.ReadAsync("/admin/deleted?is_held=1")).Body.At("data").EnumerateArray());
    }

    [Fact]
    public async Task Making_it_again_lifts_the_order()
    {
        await using var hub = await _upstream.StartHubAsync();
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{await IdOfAsync(hub, "m")}")).Is(200);
        var company = (await hub.Admin.Client.ReadAsync("/admin/companies")).Body.Text("data.0.id");
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/models",
                new
                {
                    company_id = company,
                    name = "mine",
                    external_id = "m",
                }
            )
        ).Is(201);
        var result = (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.At("data");
        Assert.Equal((0m, 0), (result.Number("created"), result.At("deleted").GetArrayLength()));

        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/litellm/models/n")).Is(200);
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/litellm/models",
                new { model_name = "n", litellm_params = new { model = "other/n" } }
            )
        ).Is(201);
        Assert.Equal(1m, (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.Number("data.created"));
    }

    [Fact]
    public async Task A_deleted_company_comes_back_only_with_a_model_that_needs_it()
    {
        await using var hub = await _upstream.StartHubAsync();
        var (model, company) = (await IdOfAsync(hub, "n"), await CompanyAsync(hub, "other"));
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{model}")).Is(200);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/companies/{company}")).Is(200);

        var result = (await hub.Admin.Client.SendAsync("POST", "/admin/companies/sync")).Body.At("data");
        Assert.Equal((0m, "other"), (result.Number("companies_created"), result.Text("deleted.0")));
        Assert.Null(await CompanyAsync(hub, "other"));

        (await hub.Admin.Client.SendAsync("POST", $"/admin/deleted/model/{model}/restore")).Is(200);
        Assert.Equal(1m, (await hub.Admin.Client.SendAsync("POST", "/admin/models/sync")).Body.Number("data.companies_created"));
        Assert.False((await hub.Admin.Client.ReadAsync("/admin/deleted?type=company")).Body.At("data.0.is_held").GetBoolean());
    }

    [Theory, BothDatabases]
    public async Task A_deleted_budget_of_litellm_stays_away_until_it_is_restored(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        Assert.Equal(1m, (await hub.Admin.Client.SendAsync("POST", "/admin/budgets/sync")).Body.Number("data.created"));
        var id = (await hub.Admin.Client.ReadAsync("/admin/budgets")).Body.Text("data.0.id");
        Assert.False((await hub.Admin.Client.SendAsync("DELETE", $"/admin/budgets/{id}")).Body.At("data.litellm_deleted").GetBoolean());

        var result = (await hub.Admin.Client.SendAsync("POST", "/admin/budgets/sync")).Body.At("data");
        Assert.Equal((0m, "b"), (result.Number("created"), result.Text("deleted.0")));
        (await hub.Admin.Client.SendAsync("POST", $"/admin/deleted/budget/{id}/restore")).Is(200);
        Assert.Equal(1m, (await hub.Admin.Client.SendAsync("POST", "/admin/budgets/sync")).Body.Number("data.created"));
    }

    [Theory]
    [InlineData("model", "unknown")]
    [InlineData("team", "t")]
    [InlineData("nothing", "x")]
    public async Task What_no_sync_would_bring_back_cannot_be_restored(string type, string id)
    {
        await using var hub = await _upstream.StartHubAsync();
        (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { id = "t", name = "T" })).Is(201);
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/teams/t")).Is(200);
        (await hub.Admin.Client.SendAsync("POST", $"/admin/deleted/{type}/{id}/restore")).IsError(404, "not_found");
        (await hub.Admin.Client.ReadAsync("/admin/deleted?type=team")).IsError(400, "validation_failed");
        Assert.Empty((await hub.Admin.Client.ReadAsync("/admin/deleted")).Body.At("data").EnumerateArray());
    }

    [Theory, BothDatabases]
    public async Task Sums_keep_the_names_of_what_was_deleted_since(TestDatabase database)
    {
        await using var hub = await _upstream.StartHubAsync(database);
        var person = await hub.NewPersonAsync();
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Body.Text("id");
        var team = (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { name = "Research" })).Body.Text("data.id");
        var tier = (await hub.Admin.Client.SendAsync("POST", "/admin/tiers", new { name = "Gold", price = 5 })).Body.Text("data.id");
        var model = (await IdOfAsync(hub, "m"))!;
        var day = DateTime.UtcNow.Date;
        PastSum[] sums =
        [
            new DailyUsage
            {
                BucketStart = day,
                Requests = 3,
                TotalCostNanoUsd = 3_000,
            }.Of(person.Id, key, model, team, tier),
            new HourlyUsage
            {
                BucketStart = day,
                Requests = 3,
                TotalCostNanoUsd = 3_000,
            }.Of(person.Id, key, model, team, tier),
        ];
        await hub.WriteAsync([
            .. sums,
            new ApiKeyUsage
            {
                ApiKeyId = key,
                ModelId = model,
                RequestCount = 3,
                TotalCostNanoUsd = 3_000,
                LastUsedAt = day,
            },
        ]);

        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{model}")).Is(200);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/teams/{team}")).Is(200);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/tiers/{tier}")).Is(200);

        var row = (await hub.Admin.Client.ReadAsync("/admin/usage?group_by=model,team,tier")).Body.At("data.usage.0");
        Assert.Equal(("m", "Research", "Gold"), (row.Text("model"), row.Text("team"), row.Text("tier")));
        using var csv = new HttpRequestMessage(HttpMethod.Get, "/api/v1/admin/usage?group_by=model,team,tier")
        {
            Headers = { { "Accept", "text/csv" } },
        };
        using var table = await hub.Admin.Client.SendAsync(csv);
        Assert.Contains($"{model},m,{team},Research,{tier},Gold", await table.Content.ReadAsStringAsync());
        Assert.True((await person.Client.ReadAsync("/users/me/spending")).Body.At("usage_by_model").TryGetProperty("m", out _));
        Assert.Equal("m", (await person.Client.ReadAsync("/users/me/usage-stats?period=month")).Body.Text("model"));
        Assert.Equal(3, (await person.Client.ReadAsync("/users/me/api-keys")).Body.At("0.models_used").GetProperty("m").GetInt32());

        (await person.Client.SendAsync("DELETE", $"/api-keys/{key}")).Is(200);
        Assert.Equal("ci", (await hub.Admin.Client.ReadAsync("/admin/usage?group_by=key")).Body.Text("data.usage.0.api_key_name"));
    }

    private static async Task<string?> IdOfAsync(AdminHub hub, string name) =>
        (await hub.Admin.Client.ReadAsync("/admin/models"))
            .Body.At("data")
            .EnumerateArray()
            .Where(m => m.Text("name") == name)
            .Select(m => m.Text("id"))
            .FirstOrDefault();

    private static async Task<string?> CompanyAsync(AdminHub hub, string name) =>
        (await hub.Admin.Client.ReadAsync("/admin/companies"))
            .Body.At("data")
            .EnumerateArray()
            .Where(m => m.Text("name") == name)
            .Select(m => m.Text("id"))
            .FirstOrDefault();
}
