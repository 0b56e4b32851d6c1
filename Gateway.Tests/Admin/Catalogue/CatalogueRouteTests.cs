using System.Net;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Catalogue;

/// <summary>Companies and models; the security rule S20.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class CatalogueRouteTests(AdminHubs hubs)
{
    private static readonly string[] CompanyMembers =
    [
        "id",
        "name",
        "logo_url",
        "description",
        "external_id",
        "models_count",
        "created_at",
        "updated_at",
    ];

    private static readonly string[] ModelMembers =
    [
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
        "model_config",
    ];

    [Theory, BothDatabases]
    public async Task A_company_is_made_changed_cleared_and_ended(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var name = NewName();

        var created = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/companies",
            new
            {
                name,
                logo_url = "/uploads/logos/x.svg",
                description = "d",
                external_id = name,
            }
        );
        created.Is(201);
        created.Body.HasExactly("success", "message", "data", "company");
        created.Body.At("company").HasExactly(CompanyMembers);
        var id = created.Body.Text("data.id");
        (await hub.Admin.Client.SendAsync("POST", "/admin/companies", new { name, external_id = name })).IsError(409, "external_id_taken");
        (await hub.Admin.Client.SendAsync("POST", "/admin/companies", new { name })).Is(201); // S20: no external id is no duplicate

        var cleared = await hub.Admin.Client.SendAsync(
            "PUT",
            $"/admin/companies/{id}",
            new
            {
                name = "New " + name,
                logo_url = "",
                description = (string?)null,
                external_id = "",
            }
        );
        Assert.Equal(
            ("New " + name, JsonValueKind.Null, JsonValueKind.Null, JsonValueKind.Null),
            (
                cleared.Body.Text("data.name"),
                cleared.Body.At("data.logo_url").ValueKind,
                cleared.Body.At("data.description").ValueKind,
                cleared.Body.At("data.external_id").ValueKind
            )
        );
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/companies/{id}", new { name = "" })).IsError(400, "validation_failed");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/companies/{id}", new { logo_url = "javascript:alert(1)" })).IsError(
            400,
            "validation_failed"
        );
        Assert.Contains(
            id,
            (await hub.Anonymous.ReadAsync($"/companies?search={name}")).Body.At("companies").EnumerateArray().Select(c => c.Text("id"))
        );

        var model = (await hub.Admin.Client.SendAsync("POST", "/admin/models", new { company_id = id, name = NewName() })).Body.Text(
            "data.id"
        );
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/companies/{id}")).IsError(409, "company_has_models");
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{model}")).Is(200);
        var deleted = await hub.Admin.Client.SendAsync("DELETE", $"/admin/companies/{id}");
        Assert.Equal("Company deleted successfully", deleted.Body.Text("message"));
        (await hub.Anonymous.ReadAsync($"/companies/{id}")).IsError(404, "company_not_found");
    }

    [Theory, BothDatabases]
    public async Task A_model_has_what_was_sent_and_defaults_for_the_rest(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (company, name) = (await NewCompanyAsync(hub), NewName());

        var answer = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/models",
            new
            {
                company_id = company,
                name,
                description = "d",
                features = "Vision, Tools",
                external_id = "x/" + name,
                providers = "[\"openai\"]",
                supported_openai_params = new[] { "tools" },
                max_input_tokens = 128_000,
                supports_vision = true,
                model_config = new { input_token_cost = 0.0000025, is_enabled = false },
            }
        );

        answer.Is(201);
        answer.Body.HasExactly("success", "message", "data", "model");
        var model = answer.Body.At("model");
        model.HasExactly(ModelMembers);
        model.At("company").HasExactly(CompanyMembers);
        Assert.Equal(
            (name, "chat", "[\"openai\"]", "[\"tools\"]"),
            (model.Text("name"), model.Text("mode"), model.Text("providers"), model.Text("supported_openai_params"))
        );
        Assert.Equal(
            (true, false, false, 0.0000025m, "admin"),
            (
                model.At("supports_vision").GetBoolean(),
                model.At("supports_reasoning").GetBoolean(),
                model.At("model_config.is_enabled").GetBoolean(),
                model.Number("model_config.input_token_cost"),
                model.Text("model_config.price_source")
            )
        );
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/models",
                new
                {
                    company_id = company,
                    name,
                    external_id = "x/" + name,
                }
            )
        ).IsError(409, "external_id_taken");
        (await hub.Admin.Client.SendAsync("POST", "/admin/models", new { company_id = "unknown", name })).IsError(404, "company_not_found");

        // disabled: hidden from the public list, shown by its id and to admins
        Assert.Empty(Ids(await hub.Anonymous.ReadAsync($"/models?company_id={company}")));
        Assert.Equal([model.Text("id")], Ids(await hub.Anonymous.ReadAsync($"/models?company_id={company}&is_enabled=false")));
        (await hub.Anonymous.ReadAsync($"/models/{model.Text("id")}")).Is(200);
        Assert.Equal([model.Text("id")], Ids(await hub.Admin.Client.ReadAsync($"/admin/models?company_id={company}")));
        Assert.Equal(
            (0m, 1m),
            (
                (await hub.Anonymous.ReadAsync($"/companies/{company}")).Body.Number("data.models_count"),
                (await hub.Admin.Client.ReadAsync($"/admin/companies/{company}")).Body.Number("data.models_count")
            )
        );
        Assert.Empty(Ids(await hub.Anonymous.ReadAsync($"/companies/{company}/models")));
    }

    [Theory, BothDatabases]
    public async Task An_update_is_in_force_at_the_next_call_and_marked_as_an_admins(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (company, name) = (await NewCompanyAsync(hub), NewName());
        var id = (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/models",
                new
                {
                    company_id = company,
                    name,
                    external_id = "gpt/" + name,
                    model_config = new { input_token_cost = 0, output_token_cost = 0 },
                }
            )
        ).Body.Text("data.id");

        var answer = await hub.Admin.Client.SendAsync(
            "PUT",
            $"/admin/models/{id}",
            new
            {
                model_name = name + "-2",
                aliases = new[] { "al-" + name },
                max_output_tokens = 100,
                model_config = new { is_free = true },
            }
        );

        answer.Is(200);
        Assert.Equal(
            (name + "-2", 100m, true),
            (
                answer.Body.Text("data.name"),
                answer.Body.Number("data.max_output_tokens"),
                answer.Body.At("data.model_config.is_free").GetBoolean()
            )
        );
        var edited = await hub.ReadAsync(db => db.Models.Where(m => m.Id == id).Select(m => m.AdminEdited).SingleAsync());
        Assert.Superset(new HashSet<string> { "name", "aliases", "max_output_tokens" }, edited.ToHashSet());
        using var shown = await hub.Host.Client.GetAsync("/v1/models/al-" + name);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{id}", new { company_id = "unknown" })).IsError(404, "company_not_found");
        var nested = await hub.Admin.Client.SendAsync(
            "PUT",
            $"/admin/models/{id}",
            new { model_config = new { input_token_cost = "free" } }
        );
        Assert.Equal("model_config.input_token_cost", nested.Body.Text("details.0.field"));
    }

    [Fact]
    public async Task Aliases_that_are_taken_are_refused_with_all_their_faults()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var company = await NewCompanyAsync(hub);
        string[] names = [NewName(), NewName()];
        foreach (var name in names)
        {
            (
                await hub.Admin.Client.SendAsync(
                    "POST",
                    "/admin/models",
                    new
                    {
                        company_id = company,
                        name,
                        external_id = name,
                    }
                )
            ).Is(201);
        }
        var answer = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/models",
            new
            {
                company_id = company,
                name = NewName(),
                aliases = names,
            }
        );
        answer.IsError(400, "validation_failed");
        Assert.Equal(2, answer.Body.At("details").GetArrayLength());
    }

    [Theory, BothDatabases]
    public async Task A_deleted_model_takes_its_limits_along_and_leaves_its_calls(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (company, name) = (await NewCompanyAsync(hub), NewName());
        var id = (await hub.Admin.Client.SendAsync("POST", "/admin/models", new { company_id = company, name })).Body.Text("data.id");
        var tier = await hub.ReadAsync(db => db.Tiers.AsNoTracking().FirstAsync());
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    tier_id = tier.Id,
                    model_id = id,
                    requests_per_minute = 1,
                }
            )
        ).Is(201);

        var answer = await hub.Admin.Client.SendAsync("DELETE", $"/admin/models/{id}");

        answer.Is(200);
        Assert.Equal(
            (JsonValueKind.Null, 0),
            (answer.Body.At("data.litellm_deleted").ValueKind, answer.Body.At("data.warnings").GetArrayLength())
        );
        Assert.Equal(
            (0, 0),
            (
                await hub.ReadAsync(db => db.RateLimits.CountAsync(l => l.ModelId == id)),
                await hub.ReadAsync(db => db.ModelConfigs.CountAsync(c => c.ModelId == id))
            )
        );
        (await hub.Admin.Client.ReadAsync($"/admin/models/{id}")).IsError(404, "model_not_found");
    }

    private static string NewName() => "n" + Guid.NewGuid().ToString("N")[..12];

    private static string[] Ids(ApiAnswer answer) => [.. answer.Body.At("data").EnumerateArray().Select(m => m.Text("id"))];

    private static async Task<string> NewCompanyAsync(AdminHub hub) =>
        (await hub.Admin.Client.SendAsync("POST", "/admin/companies", new { name = NewName() })).Body.Text("data.id");
}
