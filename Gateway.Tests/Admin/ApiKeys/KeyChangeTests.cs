using System.Net;
using System.Text.Json;
using Gateway.Core.Keys;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.ApiKeys;

/// <summary>Section 2.9b, keys: what of a key can be changed, and rotation.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class KeyChangeTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_key_comes_with_a_cap_and_networks_of_its_own(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var key = (
            await person.Client.SendAsync(
                "POST",
                "/users/me/api-keys",
                new
                {
                    name = "ci",
                    max_budget = 2.5,
                    allowed_ips = new[] { "10.0.0.0/8", "192.168.1.7", "::1" },
                }
            )
        ).Body;

        Assert.Equal((2.5m, JsonValueKind.Null), (key.Number("max_budget"), key.At("budget_duration").ValueKind));
        Assert.Equal(["10.0.0.0/8", "192.168.1.7/32", "::1/128"], key.At("allowed_ips").EnumerateArray().Select(n => n.GetString()));
        var budget = (await hub.Admin.Client.ReadAsync($"/admin/budgets?api_key_id={key.Text("id")}")).Body.At("data.0");
        Assert.Equal(
            (2.5m, "user", "api_key", key.Text("id")),
            (budget.Number("max_budget"), budget.Text("source"), budget.Text("scope"), budget.Text("scope_id"))
        );
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (budget.At("budget_duration").ValueKind, budget.At("reset_at").ValueKind));
    }

    [Theory, BothDatabases]
    public async Task An_update_changes_what_was_sent(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (person, id, client) = await NewKeyAsync(
            hub,
            new
            {
                name = "ci",
                max_budget = 5,
                budget_duration = "daily",
            }
        );

        var answer = await person.Client.SendAsync(
            "PUT",
            $"/api-keys/{id}",
            new
            {
                name = "cd",
                models = new[] { "gpt-4o" },
                allowed_ips = new[] { "127.0.0.0/8" },
                expires_at = "2126-01-05T10:00:00Z",
                max_budget = 7,
                usage_count = 9,
            }
        );

        answer.Is(200);
        Assert.Equal(
            ("cd", "2126-01-05T10:00:00Z", 7m, "daily", 0m),
            (
                answer.Body.Text("name"),
                answer.Body.Text("expires_at"),
                answer.Body.Number("max_budget"),
                answer.Body.Text("budget_duration"),
                answer.Body.Number("usage_count")
            )
        );
        Assert.Equal("gpt-4o", answer.Body.At("models").EnumerateArray().Single().GetString());
        Assert.Equal(1, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.ApiKeyId == id)));

        (
            await person.Client.SendAsync(
                "PATCH",
                $"/api-keys/{id}",
                new
                {
                    is_active = false,
                    max_budget = (decimal?)null,
                    models = (string[]?)null,
                }
            )
        ).Is(200);
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/models")).StatusCode);
        (await person.Client.SendAsync("PATCH", $"/api-keys/{id}", new { is_active = true })).Is(200);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(0, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.ApiKeyId == id)));
        Assert.Contains("api_key.updated", (await hub.AuditOfAsync(id)).Select(a => a.Action));
    }

    [Theory]
    [InlineData("{}", 400, "nothing_to_update")]
    [InlineData("{\"usage_count\":1}", 400, "nothing_to_update")]
    [InlineData("{\"name\":null}", 400, "validation_failed")]
    [InlineData("{\"is_active\":null}", 400, "validation_failed")]
    [InlineData("{\"expires_at\":\"2020-01-01T00:00:00Z\"}", 400, "validation_failed")]
    [InlineData("{\"budget_duration\":\"daily\"}", 400, "validation_failed")]
    public async Task A_wrong_update_is_refused(string body, int status, string code)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (person, id, _) = await NewKeyAsync(hub, new { name = "ci" });
        (await person.Client.SendAsync("PUT", $"/api-keys/{id}", body)).IsError(status, code);
    }

    [Fact]
    public async Task An_owner_does_not_go_above_the_cap_that_an_admin_put_on_the_key()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (person, id, _) = await NewKeyAsync(hub, new { name = "ci" });
        (await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { api_key_id = id, max_budget = 10 })).Is(201);

        (await person.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 11 })).IsError(403, "budget_above_admin_limit");
        (await person.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 10 })).Is(200);
        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 11 })).Is(200);
        Assert.Equal(2, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.ApiKeyId == id)));
    }

    [Theory, BothDatabases]
    public async Task Parallel_caps_of_one_key_make_one_budget(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (person, id, _) = await NewKeyAsync(hub, new { name = "ci" });

        var answers = await Task.WhenAll(
            Enumerable.Range(1, 10).Select(i => person.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = i }))
        );

        Assert.All(answers, a => a.Is(200));
        Assert.Equal(1, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.ApiKeyId == id)));
    }

    [Fact]
    public async Task A_key_of_a_team_is_for_admins_and_members()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        var team = (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { name = "Blue" })).Body.Text("data.id");

        (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k", team_id = team })).IsError(403, "forbidden");
        (await hub.Admin.Client.SendAsync("POST", $"/users/{person.Id}/api-keys", new { name = "k", team_id = "unknown" })).IsError(
            404,
            "not_found"
        );
        Assert.Equal(
            team,
            (await hub.Admin.Client.SendAsync("POST", $"/users/{person.Id}/api-keys", new { name = "k", team_id = team })).Body.Text(
                "team_id"
            )
        );
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { team_id = team })).Is(200);
        (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k", team_id = team })).Is(201);
    }

    [Theory, BothDatabases]
    public async Task A_rotated_key_keeps_its_row_and_its_old_secret_dies_at_once_without_an_overlap(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (person, id, old) = await NewKeyAsync(hub, new { name = "ci", max_budget = 5 });

        var answer = await person.Client.SendAsync("POST", $"/api-keys/{id}/rotate");

        answer.Is(200);
        Assert.Equal(
            (id, 5m, JsonValueKind.Null),
            (answer.Body.Text("id"), answer.Body.Number("max_budget"), answer.Body.At("previous_secret_ends_at").ValueKind)
        );
        var text = answer.Body.Text("api_key");
        Assert.Equal($"{text[..5]}...{text[^5..]}", answer.Body.Text("api_key_preview"));
        Assert.Equal(HttpStatusCode.OK, (await hub.Host.NewClient(text).GetAsync("/v1/models")).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await old.GetAsync("/v1/models")).StatusCode);
        var audit = (await hub.AuditOfAsync(id)).Single(a => a.Action == "api_key.rotated");
        Assert.Contains("\"secret\":\"********\"", audit.After);
    }

    [Fact]
    public async Task A_rotation_with_overlap_keeps_the_old_secret_for_that_time()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (person, id, client) = await NewKeyAsync(hub, new { name = "ci" });
        var old = client.DefaultRequestHeaders.Authorization!.Parameter!;

        var answer = await person.Client.SendAsync("POST", $"/api-keys/{id}/rotate", new { overlap_seconds = 600 });

        var row = await hub.ReadAsync(db => db.ApiKeys.SingleAsync(k => k.Id == id));
        Assert.Equal(ApiKeyText.From(old).SecretHash, row.PreviousSecretHash);
        Assert.Equal(ApiKeyText.From(answer.Body.Text("api_key")).SecretHash, row.SecretHash);
        foreach (var secret in new[] { old, answer.Body.Text("api_key") })
        {
            Assert.Equal(HttpStatusCode.OK, (await hub.Host.NewClient(secret).GetAsync("/v1/models")).StatusCode);
        }
        Assert.InRange((row.PreviousSecretEndsAt!.Value - DateTime.UtcNow).TotalSeconds, 500, 601);
        (await person.Client.SendAsync("POST", $"/api-keys/{id}/rotate", new { overlap_seconds = 604_801 })).IsError(
            400,
            "validation_failed"
        );
    }

    private static async Task<(Person Owner, string Id, HttpClient Client)> NewKeyAsync(AdminHub hub, object body)
    {
        var person = await hub.NewPersonAsync();
        var created = await person.Client.SendAsync("POST", "/users/me/api-keys", body);
        created.Is(201);
        return (person, created.Body.Text("id"), hub.Host.NewClient(created.Body.Text("api_key")));
    }
}
