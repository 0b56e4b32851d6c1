using System.Net;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.ApiKeys;

/// <summary>Keys of users; the security rules S2 and S5.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class ApiKeyTests(AdminHubs hubs)
{
    private static readonly string[] Members =
    [
        "id",
        "user_id",
        "team_id",
        "name",
        "api_key_preview",
        "external_id",
        "created_at",
        "expires_at",
        "is_active",
        "models",
        "allowed_ips",
        "max_budget",
        "budget_duration",
        "admin_limits",
        "previous_secret_ends_at",
        "usage_count",
        "total_cost",
        "last_used",
        "models_used",
        "providers_used",
    ];

    [Theory, BothDatabases]
    public async Task A_new_key_is_shown_once_and_works_at_once(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var answer = await person.Client.SendAsync(
            "POST",
            "/users/me/api-keys",
            new
            {
                name = " ci ",
                expires_at = "2126-01-05T13:00:00+03:00",
                models = new[] { "gpt-4o", "gpt-4o" },
            }
        );

        answer.Is(201);
        answer.Body.HasExactly([.. Members, "api_key"]);
        var key = answer.Body.Text("api_key");
        Assert.Matches("^sk-hub-[0-9A-Za-z]{16}-[0-9A-Za-z]{43}$", key);
        Assert.Equal(
            ("ci", person.Id, $"{key[..5]}...{key[^5..]}", "2126-01-05T10:00:00Z"),
            (answer.Body.Text("name"), answer.Body.Text("user_id"), answer.Body.Text("api_key_preview"), answer.Body.Text("expires_at"))
        );
        Assert.Equal("gpt-4o", answer.Body.At("models").EnumerateArray().Single().GetString());
        Assert.Equal((0, 0), (answer.Body.Number("usage_count"), answer.Body.Number("total_cost")));
        using var models = await hub.Host.NewClient(key).GetAsync("/v1/models");
        Assert.Equal(HttpStatusCode.OK, models.StatusCode);

        var list = await person.Client.ReadAsync("/users/me/api-keys");
        Assert.Equal(JsonValueKind.Array, list.Body.ValueKind);
        list.Body.At("0").HasExactly(Members);
        Assert.DoesNotContain(key, list.Raw);
    }

    [Theory, BothDatabases]
    public async Task S5_only_the_hash_of_the_secret_is_stored(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var created = await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" });
        var secret = created.Body.Text("api_key")[^43..];

        var row = await hub.ReadAsync(db => db.ApiKeys.SingleAsync(k => k.Id == created.Body.Text("id")));
        Assert.DoesNotContain(secret, JsonSerializer.Serialize(row));
        var audit = (await hub.AuditOfAsync(row.Id)).Single();
        Assert.Equal("api_key.created", audit.Action);
        Assert.DoesNotContain(secret, audit.After);
        Assert.DoesNotContain(row.SecretHash, audit.After);
        Assert.Contains("\"secret\":\"********\"", audit.After);
    }

    [Theory, BothDatabases]
    public async Task A_deleted_key_stops_at_once_and_its_row_stays(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var created = await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" });
        var id = created.Body.Text("id");
        using var client = hub.Host.NewClient(created.Body.Text("api_key"));
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);

        var answer = await person.Client.SendAsync("DELETE", $"/api-keys/{id}");

        answer.Is(200);
        answer.Body.HasExactly("success", "message");
        Assert.Equal("API key deleted successfully", answer.Body.Text("message"));
        Assert.Equal(HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/models")).StatusCode);
        Assert.Equal(0, (await person.Client.ReadAsync("/users/me/api-keys")).Body.GetArrayLength());
        Assert.NotNull(await hub.ReadAsync(db => db.ApiKeys.Where(k => k.Id == id).Select(k => k.DeletedAt).SingleAsync()));
        (await person.Client.SendAsync("DELETE", $"/api-keys/{id}")).IsError(404, "not_found");
        Assert.Equal(["api_key.created", "api_key.deleted"], (await hub.AuditOfAsync(id)).Select(a => a.Action));
    }

    [Fact]
    public async Task S2_a_key_of_somebody_else_does_not_exist()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (owner, other) = (await hub.NewPersonAsync(), await hub.NewPersonAsync());
        var id = (await owner.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Body.Text("id");

        (await other.Client.SendAsync("DELETE", $"/api-keys/{id}")).IsError(404, "not_found");
        Assert.Equal(1, (await owner.Client.ReadAsync("/users/me/api-keys")).Body.GetArrayLength());
    }

    [Theory]
    [InlineData("{}", "name")]
    [InlineData("{\"name\":\"  \"}", "name")]
    [InlineData("{\"name\":5}", "name")]
    [InlineData("{\"name\":\"k\",\"expires_at\":\"2020-01-01T00:00:00Z\"}", "expires_at")]
    [InlineData("{\"name\":\"k\",\"expires_at\":\"soon\"}", "expires_at")]
    [InlineData("{\"name\":\"k\",\"models\":\"gpt-4o\"}", "models")]
    [InlineData("{\"name\":\"k\",\"models\":[1]}", "models")]
    [InlineData("{\"name\":\"k\",\"max_budget\":0}", "max_budget")]
    [InlineData("{\"name\":\"k\",\"max_budget\":\"5\"}", "max_budget")]
    [InlineData("{\"name\":\"k\",\"max_budget\":5,\"budget_duration\":\"sometimes\"}", "budget_duration")]
    [InlineData("{\"name\":\"k\",\"budget_duration\":\"daily\"}", "max_budget")]
    [InlineData("{\"name\":\"k\",\"allowed_ips\":[\"10.0.0.0/33\"]}", "allowed_ips")]
    [InlineData("{\"name\":\"k\",\"allowed_ips\":\"10.0.0.0/8\"}", "allowed_ips")]
    public async Task A_wrong_member_is_named(string body, string field)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync("POST", "/users/me/api-keys", body);

        answer.IsError(400, "validation_failed");
        Assert.Equal(field, answer.Body.Text("details.0.field"));
    }

    [Theory]
    [InlineData(FreeTierStatuses.Pending)]
    [InlineData(FreeTierStatuses.Rejected)]
    public async Task A_user_who_waits_for_approval_gets_no_key(string status)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            await db.Users.Where(u => u.Id == person.Id).ExecuteUpdateAsync(set => set.SetProperty(u => u.FreeTierStatus, status));
        }
        (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).IsError(403, "approval_required");
        (await hub.Admin.Client.SendAsync("POST", $"/users/{person.Id}/api-keys", new { name = "k" })).IsError(403, "approval_required");
    }

    [Theory, BothDatabases]
    public async Task The_most_keys_of_a_user_hold_for_parallel_requests_too(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            await db.Settings.Where(s => s.Key == "max_api_keys_per_user").ExecuteUpdateAsync(set => set.SetProperty(s => s.Value, "3"));
        }
        var person = await hub.NewPersonAsync();

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(i => person.Client.SendAsync("POST", "/users/me/api-keys", new { name = $"k{i}" }))
        );

        Assert.Equal(3, answers.Count(a => a.Status == HttpStatusCode.Created));
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.IsError(409, "conflict"));
        Assert.Equal(3, (await person.Client.ReadAsync("/users/me/api-keys")).Body.GetArrayLength());
    }

    [Theory, BothDatabases]
    public async Task A_key_shows_what_it_was_used_for(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var id = (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "ci" })).Body.Text("id");
        await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "newer" });
        var model = await hub.ReadAsync(db => db.Models.AsNoTracking().OrderBy(m => m.Name).FirstAsync());
        var day = new DateTime(2026, 1, 5, 0, 0, 0, DateTimeKind.Utc);
        await hub.WriteAsync(
            new ApiKeyUsage
            {
                ApiKeyId = id,
                ModelId = model.Id,
                RequestCount = 4,
                TotalCostNanoUsd = 12_000_000,
                LastUsedAt = day.AddHours(9),
            },
            new ApiKeyUsage
            {
                ApiKeyId = id,
                ModelId = "deleted-model",
                RequestCount = 1,
                TotalCostNanoUsd = 300_001,
                LastUsedAt = day.AddHours(10),
            }
        );

        var list = (await person.Client.ReadAsync("/users/me/api-keys")).Body;

        Assert.Equal(["newer", "ci"], list.EnumerateArray().Select(k => k.Text("name")));
        var key = list.At("1");
        Assert.Equal(
            (5, 0.012300001m, "2026-01-05T10:00:00Z"),
            (key.Number("usage_count"), key.Number("total_cost"), key.Text("last_used"))
        );
        Assert.Equal(4, key.At("models_used").GetProperty(model.Name).GetInt64());
        Assert.Equal(1, key.At("models_used").GetProperty("deleted-model").GetInt64());
        Assert.Equal(4, key.At("providers_used").GetProperty(model.Providers[0]).GetInt64());
    }
}
