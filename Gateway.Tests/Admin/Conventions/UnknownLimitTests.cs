using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Admin.Conventions;

/// <summary>
/// A limit under a name that is not known is refused with the name that is meant, wherever limits are set; everything else that is unknown
/// stays ignored.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class UnknownLimitTests(AdminHubs hubs)
{
    [Theory]
    [InlineData("""{"rpm_limit":5}""", "rpm_limit", "requests_per_minute")]
    [InlineData("""{"tpmLimit":5}""", "tpmLimit", "tokens_per_minute")]
    [InlineData("""{"maxBudget":5}""", "maxBudget", "max_budget")]
    [InlineData("""{"budget":{"max_budget":5}}""", "budget", "max_budget")]
    [InlineData("""{"max_parallel_requests":5}""", "max_parallel_requests", "max_concurrent")]
    [InlineData("""{"allowedModels":["m"]}""", "allowedModels", "models")]
    [InlineData("""{"expires":"2030-01-01"}""", "expires", "expires_at")]
    [InlineData("""{"expiresAt":"2030-01-01"}""", "expiresAt", "expires_at")]
    [InlineData("""{"duration":"30d"}""", "duration", "expires_at")]
    [InlineData("""{"ip_whitelist":["10.0.0.1"]}""", "ip_whitelist", "allowed_ips")]
    [InlineData("""{"budget_reset_at":"2030-01-01"}""", "budget_reset_at", "budget_duration")]
    public async Task A_key_is_not_made_without_the_limit_that_was_meant(string limit, string field, string meant)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var body = """{"name":"k",""" + limit[1..];

        var answer = await person.Client.SendAsync("POST", "/users/me/api-keys", body);

        answer.IsError(400, "validation_failed");
        Assert.Equal((field, "unknown_limit"), (answer.Body.Text("details.0.field"), answer.Body.Text("details.0.code")));
        Assert.Contains(meant, answer.Body.Text("error"));
        Assert.Empty((await person.Client.ReadAsync("/users/me/api-keys")).Body.EnumerateArray());
        var id = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id");
        (await person.Client.SendAsync("PATCH", $"/api-keys/{id}", body)).IsError(400, "validation_failed");
    }

    [Theory]
    [InlineData("POST", "/admin/users", """{"email":"{new}","password":"password123","maxBudget":5}""", "/admin/budgets")]
    [InlineData(
        "POST",
        "/admin/users",
        """{"email":"{new}","password":"password123","user_limit":{"monthly_token_limit":5}}""",
        "monthly_token_limit"
    )]
    [InlineData("PUT", "/admin/users/{user}", """{"name":"x","rpm_limit":5}""", "/admin/rate-limits")]
    [InlineData("PUT", "/admin/users/{user}", """{"name":"x","blocked":true}""", "is_active")]
    [InlineData("POST", "/admin/tiers", """{"name":"{new}","requests_per_minute":5}""", "/admin/rate-limits")]
    [InlineData("PUT", "/admin/tiers/{tier}", """{"description":"x","maxOutputTokens":5}""", "max_output_tokens")]
    [InlineData("POST", "/admin/teams", """{"name":"{new}","max_budget":5}""", "/admin/budgets")]
    [InlineData("PUT", "/admin/teams/{team}", """{"name":"x","tpm_limit":5}""", "/admin/rate-limits")]
    [InlineData("POST", "/admin/budgets", """{"max_budget":5,"user_id":"{user}","budgetDuration":"1d"}""", "budget_duration")]
    [InlineData("POST", "/admin/budgets", """{"max_budget":5,"user_id":"{user}","rpm_limit":5}""", "/admin/rate-limits")]
    [InlineData("PUT", "/admin/budgets/{budget}", """{"max_budget":6,"soft_budget":5}""", "max_budget")]
    [InlineData("POST", "/admin/rate-limits", """{"user_id":"{user}","rpm":5}""", "requests_per_minute")]
    [InlineData(
        "POST",
        "/admin/rate-limits",
        """{"user_id":"{user}","requests_per_minute":5,"max_parallel_requests":5}""",
        "max_concurrent"
    )]
    [InlineData("PUT", "/users/{user}/budget", """{"monthly_limit":5,"max_budget":3}""", "monthly_limit")]
    [InlineData("POST", "/admin/access-tokens", """{"name":"t","role":"support","expires":"2030-01-01"}""", "expires_at")]
    [InlineData("POST", "/admin/litellm/users/keys", """{"key_alias":"k","rpmLimit":5}""", "rpm_limit")]
    [InlineData("PUT", "/admin/litellm/users/keys/none", """{"key_alias":"k","maxBudget":5}""", "max_budget")]
    [InlineData("POST", "/admin/budgets/litellm", """{"max_budget":5,"tpm_limit":5}""", "/admin/rate-limits")]
    public async Task Every_resource_that_carries_limits_says_what_is_meant(string method, string path, string body, string meant)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var admin = hub.Admin.Client;
        var user = (await hub.NewPersonAsync()).Id;
        var ids = new Dictionary<string, string>
        {
            ["{user}"] = user,
            ["{new}"] = $"{Guid.NewGuid():N}@example.com",
            ["{tier}"] = (await admin.SendAsync("POST", "/admin/tiers", new { name = $"{Guid.NewGuid():N}", price = 5 })).Body.Text(
                "data.id"
            ),
            ["{team}"] = (await admin.SendAsync("POST", "/admin/teams", new { name = "T" })).Body.Text("data.id"),
            ["{budget}"] = (await admin.SendAsync("POST", "/admin/budgets", new { max_budget = 5, user_id = user })).Body.Text("data.id"),
        };
        foreach (var (name, id) in ids)
        {
            (path, body) = (path.Replace(name, id), body.Replace(name, id));
        }

        var answer = await admin.SendAsync(method, path, body);

        answer.IsError(400, "validation_failed");
        Assert.Equal("unknown_limit", answer.Body.Text("details.0.code"));
        Assert.Contains(meant, answer.Body.Text("error"));
    }

    [Fact]
    public async Task Members_that_limit_nothing_stay_ignored()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (
            await person.Client.SendAsync(
                "POST",
                "/users/me/api-keys",
                """{"name":"k","rpm_limit":0,"tpm_limit":null,"maxBudget":-1,"budget":{},"allowedModels":[],"expires":"","blocked":false,"enabled":true,"note":"x","color":5}"""
            )
        ).Is(201);
    }

    [Fact]
    public async Task What_was_read_can_be_sent_back()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var admin = hub.Admin.Client;
        var person = await hub.NewPersonAsync();
        var key = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k", max_budget = 5 })).Body.Text("id");
        var budget = (await admin.SendAsync("POST", "/admin/budgets", new { max_budget = 5, user_id = person.Id })).Body.Text("data.id");
        var limit = (await admin.SendAsync("POST", "/admin/rate-limits", new { user_id = person.Id, requests_per_minute = 5 })).Body.Text(
            "data.id"
        );
        var tier = (await admin.ReadAsync("/admin/tiers")).Body.Text("data.0.id");
        foreach (
            var (path, read) in new[]
            {
                ($"/admin/users/{person.Id}", "data"),
                ($"/admin/budgets/{budget}", "data"),
                ($"/admin/rate-limits/{limit}", "data"),
                ($"/admin/tiers/{tier}", "data"),
            }
        )
        {
            (await admin.SendAsync("PUT", path, (await admin.ReadAsync(path)).Body.At(read).GetRawText())).Is(200);
        }
        (
            await person.Client.SendAsync(
                "PUT",
                $"/api-keys/{key}",
                (await person.Client.ReadAsync("/users/me/api-keys")).Body.At("0").GetRawText()
            )
        ).Is(200);
        (await person.Client.SendAsync("PUT", "/users/me/budget", """{"monthly_limit":5}""")).Is(200);
        (
            await person.Client.SendAsync("PUT", "/users/me/budget", (await person.Client.ReadAsync("/users/me/budget")).Body.GetRawText())
        ).Is(200);
    }

    [Fact]
    public async Task A_fault_is_told_once()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/litellm/users/keys",
            """{"key_alias":"k","models":5,"max_budget":"x","tpm_limit":"x"}"""
        );
        answer.IsError(400, "validation_failed");
        var told = answer.Body.At("details").EnumerateArray().Select(d => d.Text("field")).ToList();
        Assert.Equal(told.Distinct(), told);
        Assert.Equal(JsonValueKind.Array, answer.Body.At("details").ValueKind);
    }

    [Fact]
    public async Task Times_with_nanoseconds_and_in_lower_case_are_read_everywhere()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        const string Time = "2035-01-05t10:00:00.123456789+02:00";
        Assert.StartsWith(
            "2035-01-05T08:00:00.123",
            (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k", expires_at = Time })).Body.Text("expires_at")
        );
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/budgets",
                new
                {
                    max_budget = 5,
                    user_id = person.Id,
                    reset_at = Time,
                }
            )
        ).Is(201);
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/access-tokens",
                new
                {
                    name = "t",
                    role = "support",
                    expires_at = Time,
                }
            )
        ).Is(201);
        (await hub.Admin.Client.SendAsync("POST", "/admin/litellm/users/keys", new { key_alias = $"t-{person.Id}", expires = Time })).Is(
            201
        );
        foreach (
            var query in new[]
            {
                "/admin/audit-logs?from=",
                "/admin/events?from=",
                "/admin/requests?date_from=",
                "/transactions?from=",
                "/admin/ledger/export?to=2035-01-06&from=",
            }
        )
        {
            using var answer = await hub.Admin.Client.GetAsync("/api/v1" + query + "2026-01-05t10:00:00.123456789z");
            Assert.True(answer.IsSuccessStatusCode, query);
            using var unescaped = await hub.Admin.Client.GetAsync("/api/v1" + query + "2026-01-05T10:00:00+02:00");
            Assert.True(unescaped.IsSuccessStatusCode, query);
        }
        var wrong = await hub.Admin.Client.ReadAsync("/admin/audit-logs?from=2026-02-30");
        Assert.Equal("from: has the day 30; 2026-02 has 28 days", wrong.Body.Text("error"));
    }
}
