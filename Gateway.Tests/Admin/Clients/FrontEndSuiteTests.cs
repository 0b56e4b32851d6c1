using System.Net.Http.Headers;
using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Clients;

/// <summary>
/// Section 5.1 whole: every call of the front end against an outside LiteLLM, each member that it reads there and not null. Members behind
/// a question mark may be null.
/// </summary>
public sealed class FrontEndSuiteTests : IAsyncLifetime
{
    private const string CompanyMembers = "id name logo_url? description external_id created_at models_count";
    private const string ModelMembers =
        "id name description features? company_id providers model_config.is_enabled model_config.is_free model_config.input_token_cost "
        + "model_config.output_token_cost max_input_tokens "
        + "max_output_tokens mode supports_vision supports_function_calling supports_parallel_function_calling supports_web_search "
        + "supports_reasoning supported_openai_params external_id company.name";
    private const string HistoryMembers =
        "request_id model model_group custom_llm_provider status start_time end_time api_key_name session_id? cost total_tokens "
        + "input_tokens output_tokens call_type cache_hit request_tags metadata messages? response?";
    private const string KeyMembers = "id name created_at last_used? is_active usage_count total_cost models_used providers_used";
    private const string UserKeyMembers =
        "token key_alias key_name? user_id? team_alias? spend max_budget? expires? tpm_limit? rpm_limit? models created_at? "
        + "updated_at? blocked";

    private FakeLiteLlm _upstream = null!;

    public async Task InitializeAsync()
    {
        _upstream = await FakeLiteLlm.StartAsync();
        _upstream.Offers(
            FakeLiteLlm.Row(
                "m",
                "openai",
                """{"id":"id-m","mode":"chat","max_input_tokens":128000,"max_output_tokens":16384,"input_cost_per_token":1e-06,"output_cost_per_token":2e-06,"supports_vision":true,"supported_openai_params":["tools"]}"""
            )
        );
        _upstream.Manage = (call, _) =>
            call switch
            {
                "GET /model_group/info" => """{"data":[{"model_group":"m","providers":["openai"],"mode":"chat"}]}""",
                "GET /user/info" => """{"keys":[{"token":"t","key_alias":"ci","spend":1.5}],"teams":[]}""",
                "POST /key/generate" => """{"key":"sk-x","token":"t"}""",
                "GET /global/spend" => """{"spend":12.5,"max_budget":null}""",
                "GET /global/spend/logs" => """[{"date":"2026-01-05","spend":1.25}]""",
                "GET /global/activity" =>
                    """{"daily_data":[{"date":"Jan 05","api_requests":10,"total_tokens":2000}],"sum_api_requests":10,"sum_total_tokens":2000}""",
                "GET /v6/k/latest/USD" => """{"result":"success","conversion_rates":{"USD":1,"RUB":95}}""",
                "POST /v1/chat/completions" => FakeUpstream.PlainAnswer,
                _ when call.StartsWith("POST /model/", StringComparison.Ordinal)
                        || call.StartsWith("POST /key/", StringComparison.Ordinal) => "{}",
                _ => null,
            };
    }

    public async Task DisposeAsync() => await _upstream.DisposeAsync();

    [Theory, BothDatabases]
    public async Task The_pages_of_visitors_and_users(TestDatabase database)
    {
        await using var hub = await StartAsync(database);
        var visitor = hub.Host.NewClient("stale.token");
        var company = First(await visitor.ReadAsync("/companies"), CompanyMembers);
        Reads((await visitor.ReadAsync($"/companies/{company.Text("id")}")).Body.At("data"), CompanyMembers);
        First(await visitor.ReadAsync($"/companies/{company.Text("id")}/models"), ModelMembers);
        var model = First(
            await visitor.ReadAsync($"/models?company_id={company.Text("id")}&is_free=false&is_enabled=true&search=m"),
            ModelMembers
        );
        var shown = (await visitor.ReadAsync($"/models/{model.Text("id")}")).Body.At("data");
        Reads(shown, ModelMembers);
        Assert.Equal("tools", JsonDocument.Parse(shown.Text("supported_openai_params")).RootElement[0].GetString());
        First(await visitor.ReadAsync("/tiers"), "id name description? is_free price");
        First(await visitor.ReadAsync("/currencies"), "id name symbol");
        (await hub.Admin.Client.SendAsync("POST", "/admin/currencies/update-rates")).Is(200);
        First(await visitor.ReadAsync("/currencies/exchange-rates"), "id from_currency to_currency rate updated_at from.symbol to.symbol");

        var email = $"{Guid.NewGuid():N}@example.com";
        Reads(
            (
                await visitor.SendAsync(
                    "POST",
                    "/auth/register",
                    new
                    {
                        email,
                        password = "password123",
                        firstName = "A",
                        lastName = "B",
                    }
                )
            ).Body,
            "token user.id user.email user.role user.tier_id user.created_at"
        );
        var login = (await visitor.SendAsync("POST", "/auth/login", new { email, password = "password123" })).Body;
        Reads(login, "token user.id user.email user.role user.tier_id user.created_at");
        using var client = hub.Host.NewClient(login.Text("token"));
        Reads((await client.ReadAsync("/me")).Body, "user.id user.email user.role user.tier_id user.created_at");
        var id = login.Text("user.id");
        var key = (await client.SendAsync("POST", $"/users/{id}/api-keys", new { name = "ci" })).Body;
        Reads(key, KeyMembers + " api_key");
        using (var traffic = hub.Host.NewClient(key.Text("api_key")))
        using (var call = await traffic.ChatAsync(InferenceCalls.Chat("m", ",\"max_tokens\":5")))
        {
            Assert.True(call.IsSuccessStatusCode);
        }
        await Eventually.TrueAsync(() => hub.ReadAsync(db => db.UsageRecords.AnyAsync(r => r.UserId == id)), "the call is in the ledger");
        Reads((await client.ReadAsync($"/users/{id}/spending")).Body, "current_month_usage total_usage");
        Reads((await client.ReadAsync($"/users/{id}/budget")).Body, "monthly_limit currency");
        (await client.ReadAsync($"/users/{id}/usage-stats?period=month")).Is(200);
        var history = (await client.ReadAsync($"/users/{id}/requests?limit=10&offset=0")).Body;
        Reads(history, "requests total_count limit offset has_more");
        Reads(history.At("requests.0"), HistoryMembers);
        Assert.Equal(
            ("success", "False", "ci"),
            (history.Text("requests.0.status"), history.Text("requests.0.cache_hit"), history.Text("requests.0.api_key_name"))
        );
        Reads((await client.ReadAsync($"/users/{id}/api-keys")).Body.At("0"), KeyMembers);
        Reads((await client.SendAsync("PUT", $"/users/{id}/budget", new { monthly_limit = 50 })).Body, "monthly_limit currency");
        var requests = (await client.ReadAsync("/requests?page=1&limit=20&date_from=2026-01-01")).Body.At("data");
        Reads(requests, "data page limit total has_next has_prev");
        Reads((await client.ReadAsync($"/requests/{requests.Text("data.0.id")}")).Body.At("data"), "id model_name total_cost");
        (await client.SendAsync("DELETE", $"/api-keys/{key.Text("id")}")).Is(200);
        var refused = await client.SendAsync("POST", $"/users/{id}/api-keys", new { name = "" });
        Reads(refused.Body, "error message");
    }

    [Theory, BothDatabases]
    public async Task The_pages_of_admins(TestDatabase database)
    {
        await using var hub = await StartAsync(database);
        var admin = hub.Admin.Client;
        foreach (var path in new[] { "/admin/models/sync", "/admin/models/sync-model-group", "/admin/companies/sync" })
        {
            Reads((await admin.SendAsync("POST", path)).Body, "data");
        }
        var model = First(await admin.ReadAsync("/admin/models"), ModelMembers);
        var limit = (
            await admin.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    model_id = model.Text("id"),
                    tier_id = First(await admin.ReadAsync("/admin/tiers"), "id name description? is_free price").Text("id"),
                    requests_per_minute = -1,
                    requests_per_day = -1,
                    tokens_per_minute = 5,
                    tokens_per_day = -1,
                }
            )
        ).Body.At("data");
        const string LimitMembers = "id model_id tier_id requests_per_minute requests_per_day tokens_per_minute tokens_per_day";
        Reads(limit, LimitMembers);
        First(await admin.ReadAsync("/admin/rate-limits"), LimitMembers + " tier.name");
        First(await admin.ReadAsync("/rate-limits"), LimitMembers + " tier.name");
        Reads(
            (await admin.SendAsync("PUT", $"/admin/rate-limits/{limit.Text("id")}", new { requests_per_minute = 5 })).Body.At("data"),
            LimitMembers
        );
        (await admin.SendAsync("DELETE", $"/admin/rate-limits/{limit.Text("id")}")).Is(200);

        using var content = new ByteArrayContent([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0])
        {
            Headers = { ContentType = new MediaTypeHeaderValue("image/png") },
        };
        using var form = new MultipartFormDataContent { { content, "logo", "x.png" } };
        var logo = (await admin.SendAsync("POST", "/admin/upload/logo", form)).Body;
        Reads(logo, "data.url url");
        var company = (
            await admin.SendAsync(
                "POST",
                "/admin/companies",
                new
                {
                    name = "F",
                    logo_url = "http://localhost:8080" + logo.Text("url"),
                    description = "",
                    external_id = "",
                }
            )
        ).Body.Text("data.id");
        (
            await admin.SendAsync(
                "PUT",
                $"/admin/companies/{company}",
                new
                {
                    name = "F",
                    logo_url = "",
                    description = "",
                    external_id = "",
                }
            )
        ).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/upload/logo?url={Uri.EscapeDataString("http://localhost:8080" + logo.Text("url"))}")).Is(
            200
        );
        var own = (
            await admin.SendAsync(
                "POST",
                "/admin/models",
                new
                {
                    company_id = company,
                    name = "f",
                    description = "",
                    features = "a",
                }
            )
        ).Body.Text("data.id");
        (await admin.SendAsync("PUT", $"/admin/models/{own}", new { company_id = company })).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/litellm/models/{own}")).Is(200);
        (await admin.SendAsync("DELETE", $"/admin/companies/{company}")).Is(200);

        Reads(
            (await admin.ReadAsync("/admin/litellm/models/group-info")).Body.At("data.0"),
            "model_group providers mode max_input_tokens max_output_tokens input_cost_per_token output_cost_per_token supports_vision "
                + "supports_function_calling"
        );
        (await admin.SendAsync("POST", "/admin/litellm/models", new { model_name = "n", litellm_params = new { model = "openai/n" } })).Is(
            201
        );
        (
            await admin.SendAsync(
                "PUT",
                "/admin/litellm/models",
                new
                {
                    model_id = model.Text("id"),
                    model_name = "m",
                    model_config = new { input_token_cost = 0.000001 },
                    model_info = new { input_cost_per_token = 1 },
                }
            )
        ).Is(200);
        Reads((await admin.ReadAsync("/admin/litellm/users/info")).Body.At("keys.0"), UserKeyMembers);
        (await admin.SendAsync("POST", "/admin/litellm/users/keys", new { key_alias = "ci" })).Is(201);
        (await admin.SendAsync("PUT", "/admin/litellm/users/keys/t", new { max_budget = 5 })).Is(200);
        (await admin.SendAsync("DELETE", "/admin/litellm/users/keys/t")).Is(200);

        Reads(
            (await admin.ReadAsync("/admin/litellm/admin/stats")).Body,
            "totalUsers activeModels requestsToday totalSpend totalRequests totalTokens"
        );
        Reads((await admin.ReadAsync("/admin/litellm/global/spend")).Body, "spend max_budget");
        Reads((await admin.ReadAsync("/admin/litellm/global/spend/logs")).Body.At("0"), "date spend");
        Reads(
            (await admin.ReadAsync("/admin/litellm/global/activity?start_date=2026-01-01&end_date=2026-01-31")).Body,
            "sum_api_requests sum_total_tokens daily_data.0.date daily_data.0.api_requests daily_data.0.total_tokens"
        );

        var user = await hub.NewPersonAsync();
        First(await admin.ReadAsync("/admin/users"), "id email name? role tier_id");
        Reads((await admin.SendAsync("PUT", $"/admin/users/{user.Id}", new { name = "N" })).Body.At("data"), "id email name role tier_id");
        Reads((await admin.SendAsync("POST", $"/admin/users/{user.Id}/approve")).Body.At("data"), "id email role tier_id");
        (await admin.SendAsync("DELETE", $"/admin/users/{user.Id}")).Is(200);
        var config = First(await admin.ReadAsync("/admin/model-configs"), "id model_id is_free is_enabled");
        Reads(
            (await admin.SendAsync("PUT", $"/admin/model-configs/{config.Text("id")}", new { is_free = true })).Body.At("data"),
            "id is_free"
        );
    }

    private Task<AdminHub> StartAsync(TestDatabase database) =>
        _upstream.StartHubAsync(database, ("EXCHANGE_RATE_API_KEY", "k"), ("EXCHANGE_RATE_BASE_URL", _upstream.Address + "/v6"));

    private static JsonElement First(ApiAnswer answer, string members)
    {
        answer.Is(200);
        var first = answer.Body.At("data.0");
        Reads(first, members);
        return first;
    }

    private static void Reads(JsonElement element, string members) =>
        Assert.All(
            members.Split(' '),
            m => Assert.True(element.At(m.TrimEnd('?')).ValueKind != JsonValueKind.Null || m.EndsWith('?'), $"{m} is null")
        );
}
