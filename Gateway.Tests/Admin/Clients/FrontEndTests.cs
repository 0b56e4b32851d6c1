using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Clients;

/// <summary>
/// Section 5.1: the calls of the front end in its order, and the members that it reads without asking whether they are there.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class FrontEndTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_visitor_registers_looks_around_and_makes_a_key(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var stale = hub.Host.NewClient("stale.token.value"); // kept from an earlier visit: public routes must not answer 401

        var company = Rows(await stale.ReadAsync("/companies")).First();
        Reads(company, "id", "name", "description", "created_at", "models_count");
        var model = Rows(await stale.ReadAsync("/models?is_enabled=true")).First();
        Reads(model, "id", "name", "company_id", "model_config.is_enabled", "model_config.is_free", "mode");
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(model.Text("providers")).RootElement.ValueKind);
        Assert.Equal(JsonValueKind.Array, JsonDocument.Parse(model.Text("supported_openai_params")).RootElement.ValueKind);
        Reads(
            (await stale.ReadAsync($"/models/{model.Text("id")}")).Body.At("data"),
            "id",
            "name",
            "supports_vision",
            "supports_reasoning",
            "model_config.rates"
        );
        Rows(await stale.ReadAsync($"/companies/{company.Text("id")}/models"));
        Reads(Rows(await stale.ReadAsync("/tiers")).First(), "id", "name", "is_free", "price");
        Rows(await stale.ReadAsync("/rate-limits"));
        Reads(Rows(await stale.ReadAsync("/currencies")).First(), "id", "name", "symbol");

        var email = $"{Guid.NewGuid():N}@example.com";
        (
            await hub.Anonymous.SendAsync(
                "POST",
                "/auth/register",
                new
                {
                    email,
                    password = "password123",
                    firstName = "Ivan",
                    lastName = "Petrov",
                }
            )
        ).Is(201);
        var login = (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email, password = "password123" })).Body;
        Reads(login, "token", "user.id", "user.email", "user.role", "user.tier_id", "user.created_at");
        using var client = hub.Host.NewClient(login.Text("token"));
        Reads((await client.ReadAsync("/me")).Body, "user.id", "user.role", "user.tier_id");
        var id = login.Text("user.id");
        Reads((await client.ReadAsync($"/users/{id}/spending")).Body, "current_month_usage", "total_usage");
        Assert.True((await client.ReadAsync($"/users/{id}/budget")).Body.Number("monthly_limit") > 0);
        (await client.ReadAsync($"/users/{id}/usage-stats?period=month")).Is(200);
        Reads(
            (await client.ReadAsync($"/users/{id}/requests?limit=10&offset=0")).Body,
            "requests",
            "total_count",
            "limit",
            "offset",
            "has_more"
        );
        Assert.Equal(JsonValueKind.Array, (await client.ReadAsync($"/users/{id}/api-keys")).Body.ValueKind);
        var key = (await client.SendAsync("POST", $"/users/{id}/api-keys", new { name = "ci" })).Body;
        Reads(key, "id", "name", "created_at", "is_active", "usage_count", "total_cost", "models_used", "providers_used", "api_key");
        (await client.SendAsync("DELETE", $"/api-keys/{key.Text("id")}")).Is(200);
        Reads((await client.SendAsync("PUT", $"/users/{id}/budget", new { monthly_limit = 50 })).Body, "monthly_limit", "currency");
        Reads(
            (await client.ReadAsync("/requests?page=1&limit=20")).Body.At("data"),
            "data",
            "page",
            "limit",
            "total",
            "has_next",
            "has_prev"
        );
    }

    [Theory, BothDatabases]
    public async Task An_admin_opens_every_tab(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var client = hub.Admin.Client;

        Reads(Rows(await client.ReadAsync("/admin/models")).First(), "id", "company.name", "model_config.id");
        Rows(await client.ReadAsync("/admin/rate-limits"));
        Reads(Rows(await client.ReadAsync("/admin/tiers")).First(), "id", "price");
        Reads(Rows(await client.ReadAsync("/admin/users")).First(), "id", "email", "role", "tier_id");
        var company = (
            await client.SendAsync(
                "POST",
                "/admin/companies",
                new
                {
                    name = "F",
                    logo_url = "",
                    description = "",
                    external_id = "",
                }
            )
        ).Body.At("data");
        (
            await client.SendAsync(
                "PUT",
                $"/admin/companies/{company.Text("id")}",
                new
                {
                    name = "F2",
                    logo_url = "http://localhost:8080/uploads/logos/x.svg",
                    description = "",
                    external_id = "",
                }
            )
        ).Is(200);
        var model = (
            await client.SendAsync(
                "POST",
                "/admin/models",
                new
                {
                    company_id = company.Text("id"),
                    name = "f-model",
                    description = "",
                    features = "a, b",
                }
            )
        ).Body.At("data");
        (await client.SendAsync("PUT", $"/admin/models/{model.Text("id")}", new { company_id = company.Text("id") })).Is(200);
        var limit = (
            await client.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    model_id = model.Text("id"),
                    tier_id = Rows(await client.ReadAsync("/tiers")).First().Text("id"),
                    requests_per_minute = -1,
                    requests_per_day = -1,
                    tokens_per_minute = -1,
                    tokens_per_day = -1,
                }
            )
        ).Body.At("data");
        Assert.Equal(-1, limit.Number("requests_per_minute"));
        (await client.SendAsync("DELETE", $"/admin/rate-limits/{limit.Text("id")}")).Is(200);
        (await client.SendAsync("DELETE", $"/admin/litellm/models/{model.Text("id")}")).Is(200);
        (await client.SendAsync("DELETE", $"/admin/companies/{company.Text("id")}")).Is(200);
        Reads(
            (await client.ReadAsync("/admin/litellm/models/group-info")).Body.At("data.0"),
            "model_group",
            "providers",
            "max_input_tokens",
            "input_cost_per_token"
        );

        var today = DateTime.UtcNow.ToString("yyyy-MM-dd");
        Reads(
            (await client.ReadAsync("/admin/litellm/admin/stats")).Body,
            "totalUsers",
            "activeModels",
            "requestsToday",
            "totalSpend",
            "totalRequests",
            "totalTokens"
        );
        Reads((await client.ReadAsync("/admin/litellm/global/spend")).Body, "spend", "max_budget");
        Assert.Equal(
            JsonValueKind.Array,
            (await client.ReadAsync($"/admin/litellm/global/spend/logs?start_date={today}&end_date={today}")).Body.ValueKind
        );
        Reads(
            (await client.ReadAsync($"/admin/litellm/global/activity?start_date={today}&end_date={today}")).Body,
            "sum_api_requests",
            "sum_total_tokens",
            "daily_data"
        );
    }

    private static List<JsonElement> Rows(ApiAnswer answer)
    {
        answer.Is(200);
        Assert.Equal(JsonValueKind.Array, answer.Body.At("data").ValueKind);
        return [.. answer.Body.At("data").EnumerateArray()];
    }

    private static void Reads(JsonElement element, params string[] members) =>
        Assert.All(members, m => Assert.NotEqual(JsonValueKind.Null, element.At(m).ValueKind));
}
