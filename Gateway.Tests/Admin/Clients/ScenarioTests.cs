using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Clients;

/// <summary>
/// The acceptance scenarios of the management API by their number, as far as they are about what is served: chats, files and streams of
/// chats are not.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class ScenarioTests(AdminHubs hubs)
{
    private const string Groups = """
        {"data":[{"model_group":"openai/a","providers":["openai"],"mode":"chat","input_cost_per_token":1e-06},{"model_group":"openai/b","providers":["openai"]},{"model_group":"anthropic/c","providers":["anthropic"]}]}
        """;

    [Theory, BothDatabases]
    public async Task Scenario_1_registration(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var email = $"{Guid.NewGuid():N}@x.io";
        var answer = await hub.Anonymous.SendAsync(
            "POST",
            "/auth/register",
            new
            {
                email,
                password = "password123",
                tier_name = "free",
            }
        );
        answer.Is(201);
        Assert.Equal(
            (answer.Body.Text("access_token"), "customer", 0m, "Free"),
            (
                answer.Body.Text("token"),
                answer.Body.Text("user.role"),
                answer.Body.Number("user.balance"),
                answer.Body.Text("user.tier.name")
            )
        );
        Assert.DoesNotContain("hash", answer.Raw);
        (
            await hub.Anonymous.SendAsync(
                "POST",
                "/auth/register",
                new
                {
                    email,
                    password = "password123",
                    tier_name = "free",
                }
            )
        ).IsError(400, "email_taken");
        (
            await hub.Anonymous.SendAsync(
                "POST",
                "/auth/register",
                new
                {
                    email = "x" + email,
                    password = "password123",
                    tier_name = "Enterprise",
                }
            )
        ).IsError(403, "tier_not_allowed");
        var weak = await hub.Anonymous.SendAsync("POST", "/auth/register", new { email = "y" + email, password = "123" });
        weak.IsError(400, "validation_failed");
        Assert.Contains("password", weak.Body.Text("error"));
        Assert.Contains("min", weak.Body.Text("error"));
    }

    [Theory, BothDatabases]
    public async Task Scenario_2_refresh(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var first = await person.Client.SendAsync("POST", "/auth/refresh");
        first.Is(200);
        var second = await hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = first.Body.Text("refresh_token") });
        second.Is(200);
        (await hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = first.Body.Text("refresh_token") })).IsError(
            401,
            "refresh_token_reused"
        );
        (await hub.Anonymous.SendAsync("POST", "/auth/refresh", new { refresh_token = second.Body.Text("refresh_token") })).Is(401);
    }

    [Theory, BothDatabases]
    public async Task Scenario_3_logout(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        (await person.Client.SendAsync("POST", "/auth/logout")).Is(200);
        (await person.Client.ReadAsync("/me")).Is(401);
        (await person.Client.ReadAsync("/models")).Is(200);
    }

    [Theory, BothDatabases]
    public async Task Scenario_4_others_things(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (x, y) = (await hub.NewPersonAsync(), await hub.NewPersonAsync());
        var keyOfY = (await y.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id");
        (await x.Client.ReadAsync($"/users/{y.Id}/spending")).IsError(403, "forbidden");
        (await x.Client.ReadAsync($"/users/{y.Id}/api-keys")).IsError(403, "forbidden");
        (await x.Client.SendAsync("POST", $"/users/{y.Id}/api-keys", new { name = "k" })).IsError(403, "forbidden");
        (await x.Client.SendAsync("PUT", $"/users/{y.Id}/budget", new { monthly_limit = 5 })).IsError(403, "forbidden");
        (await x.Client.SendAsync("DELETE", $"/api-keys/{keyOfY}")).Is(404);
        (await hub.Anonymous.SendAsync("POST", "/currencies/update-rates")).Is(401);
        (await x.Client.SendAsync("POST", "/currencies/update-rates")).Is(403);
    }

    [Theory, BothDatabases]
    public async Task Scenario_5_sync(TestDatabase database)
    {
        await using var upstream = await FakeLiteLlm.StartAsync();
        var groups = Groups;
        upstream.Manage = (call, _) =>
            call switch
            {
                "GET /model_group/info" => groups,
                "POST /v1/chat/completions" => FakeUpstream.PlainAnswer,
                _ => null,
            };
        await using var hub = await upstream.StartHubAsync(database);
        var admin = hub.Admin.Client;
        var first = (await admin.SendAsync("POST", "/admin/models/sync-model-group")).Body;
        Assert.Equal((3m, 2m), (first.Number("data.created"), first.Number("data.companies_created")));
        var second = (await admin.SendAsync("POST", "/admin/models/sync-model-group")).Body;
        Assert.Equal((0m, 0m), (second.Number("data.created"), second.Number("data.updated")));

        var id = (await admin.ReadAsync("/admin/models?search=openai/a")).Body.Text("data.0.id");
        (await admin.SendAsync("PUT", $"/admin/models/{id}", new { model_config = new { input_token_cost = 0.000005 } })).Is(200);
        var tier = (await admin.ReadAsync("/tiers")).Body.Text("data.0.id");
        (
            await admin.SendAsync(
                "POST",
                "/admin/rate-limits",
                new
                {
                    model_id = id,
                    tier_id = tier,
                    requests_per_minute = 5,
                }
            )
        ).Is(201);
        groups = Groups.Replace("1e-06", "9e-06");
        (await admin.SendAsync("POST", "/admin/models/sync-model-group")).Is(200);
        Assert.Equal(0.000005m, (await admin.ReadAsync($"/admin/models/{id}")).Body.Number("data.model_config.input_token_cost"));
        Assert.Equal(5, (await admin.ReadAsync($"/admin/rate-limits/model/{id}")).Body.Number("data.0.requests_per_minute"));

        using var call = await hub.Host.Client.ChatAsync(InferenceCalls.Chat("openai/a", ",\"max_tokens\":5"));
        Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        await Eventually.TrueAsync(() => hub.ReadAsync(db => db.UsageRecords.AnyAsync(r => r.ModelId == id)), "the call is in the ledger");
        await upstream.DisposeAsync();
        var deleted = await admin.SendAsync("DELETE", $"/admin/models/{id}");
        deleted.Is(200);
        Assert.False(deleted.Body.At("data.litellm_deleted").GetBoolean());
        (await admin.ReadAsync($"/admin/models/{id}")).IsError(404, "model_not_found");
        Assert.Equal("openai/a", (await admin.ReadAsync("/requests")).Body.Text("data.data.0.model_name"));
    }

    [Theory, BothDatabases]
    public async Task Scenario_6_spending_moves_up_the_tiers(TestDatabase database)
    {
        await using var upstream = await FakeLiteLlm.StartAsync();
        upstream.Offers(
            FakeLiteLlm.Row("half", "openai", """{"mode":"chat","input_cost_per_token":0.0005,"output_cost_per_token":0.0005}""")
        );
        upstream.Manage = (call, _) =>
            call == "POST /v1/chat/completions"
                ? FakeUpstream.PlainAnswer.Replace(
                    FakeUpstream.Usage,
                    """{"prompt_tokens":10,"completion_tokens":990,"total_tokens":1000}"""
                )
                : null;
        await using var hub = await upstream.StartHubAsync(database, ("BILLING_MODE", "prepaid"));
        var person = await hub.NewPersonAsync();
        (await hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "deposit", amount = 20 })).Is(201);
        using var client = hub.Host.NewClient(
            (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("api_key")
        );
        for (var i = 0; i < 20; i++)
        {
            using var call = await client.ChatAsync(InferenceCalls.Chat("half", ",\"max_tokens\":990"));
            Assert.Equal(HttpStatusCode.OK, call.StatusCode);
        }
        await Eventually.TrueAsync(
            async () => (await person.Client.ReadAsync("/balance")).Body.Number("total_spent") == 10m,
            "all calls are written"
        );
        Assert.Equal(10m, (await person.Client.ReadAsync("/balance")).Body.Number("balance"));
        await person.Client.SendAsync("POST", "/users/me/tier/check");
        Assert.Equal("Starter", (await person.Client.ReadAsync("/users/me/tier")).Body.Text("name"));

        var tiers = (await hub.Admin.Client.ReadAsync("/tiers"))
            .Body.At("data")
            .EnumerateArray()
            .ToDictionary(t => t.Text("name"), t => t.Text("id"));
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { tier_id = tiers["Free"] })).Is(200);
        Assert.Equal("Starter", (await person.Client.SendAsync("POST", "/users/me/tier/check")).Body.Text("tier.name"));
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { tier_id = tiers["Enterprise"] })).Is(200);
        Assert.Equal("Enterprise", (await person.Client.SendAsync("POST", "/users/me/tier/check")).Body.Text("tier.name"));
    }

    [Theory, BothDatabases]
    public async Task Scenario_7_without_money_only_free_models_answer(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database, new Dictionary<string, string> { ["BILLING_MODE"] = "prepaid" });
        var person = await hub.NewPersonAsync();
        using var client = hub.Host.NewClient(
            (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("api_key")
        );
        using var paid = await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini", ",\"max_tokens\":5"));
        Assert.Equal(
            (HttpStatusCode.TooManyRequests, "insufficient_quota"),
            (paid.StatusCode, (await paid.JsonAsync()).Text("error.code"))
        ); // on /v1 money is 429

        var model = (await hub.Admin.Client.ReadAsync("/admin/models?search=gpt-4o-mini"))
            .Body.At("data")
            .EnumerateArray()
            .First(m => m.Text("name") == "gpt-4o-mini")
            .Text("id");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/models/{model}", new { model_config = new { is_free = true } })).Is(200);
        using var free = await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini", ",\"max_tokens\":5"));
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
        await Eventually.TrueAsync(
            () => hub.ReadAsync(db => db.UsageRecords.AnyAsync(r => r.UserId == person.Id)),
            "the call is in the ledger"
        );
        Assert.Equal(0, (await person.Client.ReadAsync("/requests")).Body.Number("data.data.0.total_cost"));
        Assert.Equal(0, (await person.Client.ReadAsync("/transactions")).Body.Number("total_count"));
    }

    [Theory, BothDatabases]
    public async Task Scenario_9_approval(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { free_tier_requires_approval = true })).Is(200);
        var registered = (await hub.Anonymous.SendAsync("POST", "/auth/register", new { email = "a@x.io", password = "password123" })).Body;
        using var client = hub.Host.NewClient(registered.Text("token"));
        (await client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).IsError(403, "approval_required");
        (await hub.Admin.Client.SendAsync("POST", $"/admin/users/{registered.Text("user.id")}/approve")).Is(200);
        (await client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Is(201);
    }

    [Fact]
    public async Task Scenario_10_uploads()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await UploadAsync(hub, "x.svg", Encoding.UTF8.GetBytes("<svg xmlns='http://www.w3.org/2000/svg'><script>1</script></svg>"))).Is(
            400
        );
        (await UploadAsync(hub, "x.png", new byte[5_242_881])).IsError(413, "payload_too_large");
        (await hub.Admin.Client.SendAsync("DELETE", "/admin/upload/logo?url=/uploads/logos/../../app.db")).Is(400);
    }

    [Theory, BothDatabases]
    public async Task Scenario_12_fifty_at_once_leave_balance_and_transactions_exact(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var deposits = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(_ =>
                    hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "deposit", amount = 1 })
                )
        );
        Assert.All(deposits, d => d.Is(201));
        Assert.Equal(50m, (await person.Client.ReadAsync("/balance")).Body.Number("balance"));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => (decimal)i), deposits.Select(d => d.Body.Number("data.balance_after")).Order());
    }

    private static async Task<ApiAnswer> UploadAsync(AdminHub hub, string name, byte[] bytes)
    {
        using var content = new ByteArrayContent(bytes)
        {
            Headers = { ContentType = new MediaTypeHeaderValue(name.EndsWith(".svg") ? "image/svg+xml" : "image/png") },
        };
        using var form = new MultipartFormDataContent { { content, "logo", name } };
        return await hub.Admin.Client.SendAsync("POST", "/admin/upload/logo", form);
    }
}
