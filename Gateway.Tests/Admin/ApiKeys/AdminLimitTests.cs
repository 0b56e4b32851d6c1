using System.Net;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.ApiKeys;

/// <summary>
/// What an admin sets on somebody's key or cap is the admin's: shown to the owner, tightened by the owner, never loosened or removed.
/// </summary>
[Collection(AdminHubCollection.Name)]
public sealed class AdminLimitTests(AdminHubs hubs)
{
    private const string ByAdmin = "limit_set_by_admin";
    private const string AboveAdmin = "budget_above_admin_limit";

    /// <summary>What the admin sets, what the owner sends then, and the code of the refusal; null: it is done.</summary>
    public static TheoryData<string, string, string?> Cases =>
        new()
        {
            // Activity
            { """{"is_active":false}""", """{"is_active":true}""", ByAdmin },
            { """{"is_active":false}""", """{"is_active":true,"name":"again"}""", ByAdmin },
            { """{"is_active":false}""", """{"is_active":false}""", null },
            { """{"is_active":false}""", """{"name":"renamed"}""", null },
            { """{"is_active":true}""", """{"is_active":false}""", null },
            // Models
            { """{"models":["gpt-4o","gpt-4o-mini"]}""", """{"models":[]}""", ByAdmin },
            { """{"models":["gpt-4o","gpt-4o-mini"]}""", """{"models":null}""", ByAdmin },
            { """{"models":["gpt-4o","gpt-4o-mini"]}""", """{"models":["gpt-4o","o3"]}""", ByAdmin },
            { """{"models":["gpt-4o","gpt-4o-mini"]}""", """{"models":["GPT-4O"]}""", ByAdmin },
            { """{"models":["gpt-4o","gpt-4o-mini"]}""", """{"models":["gpt-4o"]}""", null },
            { """{"models":["gpt-4o","gpt-4o-mini"]}""", """{"models":["gpt-4o-mini","gpt-4o"]}""", null },
            { """{"models":[]}""", """{"models":["gpt-4o"]}""", null },
            // Networks
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":[]}""", ByAdmin },
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":null}""", ByAdmin },
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":["10.0.0.0/7"]}""", ByAdmin },
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":["0.0.0.0/0"]}""", ByAdmin },
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":["10.1.0.0/16","192.168.0.1"]}""", ByAdmin },
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":["::/0"]}""", ByAdmin },
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":["10.1.2.3","10.2.0.0/16"]}""", null },
            { """{"allowed_ips":["10.0.0.0/8","::1"]}""", """{"allowed_ips":["10.0.0.0/8","::1/128"]}""", null },
            // Expiry
            { """{"expires_at":"2126-06-01T00:00:00Z"}""", """{"expires_at":null}""", ByAdmin },
            { """{"expires_at":"2126-06-01T00:00:00Z"}""", """{"expires_at":"2126-06-01T00:00:01Z"}""", ByAdmin },
            { """{"expires_at":"2126-06-01T00:00:00Z"}""", """{"expires_at":"2126-06-01T00:00:00Z"}""", null },
            { """{"expires_at":"2126-06-01T00:00:00Z"}""", """{"expires_at":"2126-05-01T00:00:00Z"}""", null },
            { """{"expires_at":null}""", """{"expires_at":"2126-05-01T00:00:00Z"}""", null },
            // Money
            { """{"max_budget":5}""", """{"max_budget":null}""", ByAdmin },
            { """{"max_budget":5}""", """{"max_budget":5.000000001}""", AboveAdmin },
            { """{"max_budget":5}""", """{"max_budget":6,"budget_duration":"yearly"}""", AboveAdmin },
            { """{"max_budget":5}""", """{"budget_duration":"1s"}""", ByAdmin },
            { """{"max_budget":5,"budget_duration":"monthly"}""", """{"budget_duration":"daily"}""", ByAdmin },
            { """{"max_budget":5,"budget_duration":"monthly"}""", """{"budget_duration":null}""", ByAdmin },
            { """{"max_budget":5,"budget_duration":"monthly"}""", """{"max_budget":5,"budget_duration":"monthly"}""", null },
            { """{"max_budget":5}""", """{"max_budget":5}""", null },
            { """{"max_budget":5}""", """{"max_budget":2}""", null },
            { """{"max_budget":5,"budget_duration":"monthly"}""", """{"max_budget":1,"budget_duration":"daily"}""", null },
            { """{"max_budget":null}""", """{"max_budget":7}""", null },
            // Several at once: one that loosens refuses all.
            { """{"is_active":false,"models":["gpt-4o"]}""", """{"models":["gpt-4o"],"is_active":true}""", ByAdmin },
            { """{"models":["gpt-4o"],"max_budget":5}""", """{"models":["gpt-4o"],"max_budget":null}""", ByAdmin },
        };

    [Theory]
    [MemberData(nameof(Cases))]
    public async Task An_owner_tightens_what_an_admin_set_and_never_loosens_it(string admins, string owners, string? refusal)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        foreach (var method in new[] { "PUT", "PATCH" })
        {
            var (owner, id) = await NewKeyAsync(hub);
            (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", admins)).Is(200);
            var before = await ShownAsync(owner, id);

            var answer = await owner.Client.SendAsync(method, $"/api-keys/{id}", owners);

            if (refusal is null)
            {
                answer.Is(200);
                Assert.Equal(before.At("admin_limits").GetRawText(), answer.Body.At("admin_limits").GetRawText());
                continue;
            }
            answer.IsError(403, refusal);
            Assert.Equal(before.GetRawText(), (await ShownAsync(owner, id)).GetRawText());
        }
    }

    [Theory, BothDatabases]
    public async Task The_owner_sees_what_is_the_admins(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (owner, id) = await NewKeyAsync(hub);
        Assert.Equal(JsonValueKind.Null, (await ShownAsync(owner, id)).At("admin_limits").ValueKind);

        (
            await hub.Admin.Client.SendAsync(
                "PATCH",
                $"/api-keys/{id}",
                """
                {"is_active":false,"models":["gpt-4o"],"allowed_ips":["10.0.0.0/8"],"expires_at":"2126-06-01T00:00:00Z","max_budget":5,"budget_duration":"monthly"}
                """
            )
        ).Is(200);

        var limits = (await ShownAsync(owner, id)).At("admin_limits");
        limits.HasExactly("is_active", "models", "allowed_ips", "expires_at", "max_budget", "budget_duration");
        Assert.Equal(
            (false, "gpt-4o", "10.0.0.0/8", "2126-06-01T00:00:00Z", 5m, "monthly"),
            (
                limits.At("is_active").GetBoolean(),
                limits.Text("models.0"),
                limits.Text("allowed_ips.0"),
                limits.Text("expires_at"),
                limits.Number("max_budget"),
                limits.Text("budget_duration")
            )
        );
    }

    [Theory, BothDatabases]
    public async Task What_the_owner_tightened_goes_back_to_the_admins_limit_and_no_further(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (owner, id) = await NewKeyAsync(hub);
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/api-keys/{id}",
                new
                {
                    models = new[] { "gpt-4o", "o3" },
                    max_budget = 5,
                    budget_duration = "monthly",
                }
            )
        ).Is(200);
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { models = new[] { "o3" }, max_budget = 2 })).Is(200);
        Assert.Equal(2m, (await ShownAsync(owner, id)).Number("max_budget"));

        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 6 })).IsError(403, AboveAdmin);
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { models = new[] { "gpt-4o", "o3" }, max_budget = (decimal?)null })).Is(
            200
        );
        var shown = await ShownAsync(owner, id);
        Assert.Equal((5m, "monthly", 2), (shown.Number("max_budget"), shown.Text("budget_duration"), shown.At("models").GetArrayLength()));
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = (decimal?)null })).IsError(403, ByAdmin);
    }

    [Fact]
    public async Task Both_caps_bind_until_an_admin_replaces_them()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (owner, id) = await NewKeyAsync(hub);
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 9 })).Is(200);
        var row = await hub.ReadAsync(db => db.Budgets.AsNoTracking().SingleAsync(b => b.ApiKeyId == id));

        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 5 })).Is(200);
        var taken = await hub.ReadAsync(db => db.Budgets.AsNoTracking().SingleAsync(b => b.ApiKeyId == id));
        Assert.Equal((row.Id, row.CreatedAt, "admin"), (taken.Id, taken.CreatedAt, taken.Source)); // what was spent goes on

        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 1 })).Is(200);
        Assert.Equal(["admin 5000000000", "user 1000000000"], await CapsAsync(hub, id));
        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 4 })).Is(200);
        Assert.Equal(["admin 4000000000"], await CapsAsync(hub, id));
        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = (decimal?)null })).Is(200);
        Assert.Empty(await CapsAsync(hub, id));
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 50 })).Is(200);
    }

    [Theory]
    [InlineData("""{"is_active":false}""", """{"is_active":true}""", """{"is_active":false}""")]
    [InlineData("""{"models":["gpt-4o"]}""", """{"models":[]}""", """{"models":["o3"]}""")]
    [InlineData("""{"allowed_ips":["10.0.0.0/8"]}""", """{"allowed_ips":null}""", """{"allowed_ips":["11.0.0.0/8"]}""")]
    [InlineData("""{"expires_at":"2126-06-01T00:00:00Z"}""", """{"expires_at":null}""", """{"expires_at":"2127-06-01T00:00:00Z"}""")]
    [InlineData("""{"max_budget":5}""", """{"max_budget":null}""", """{"max_budget":50}""")]
    public async Task What_an_admin_takes_off_is_the_owners_again(string limits, string lifts, string owners)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (owner, id) = await NewKeyAsync(hub);
        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", limits)).Is(200);
        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", lifts)).Is(200);
        Assert.Equal(JsonValueKind.Null, (await ShownAsync(owner, id)).At("admin_limits").ValueKind);
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", owners)).Is(200);
    }

    [Fact]
    public async Task The_limits_of_a_key_that_an_admin_made_for_somebody_are_the_admins()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var owner = await hub.NewPersonAsync();
        var made = await hub.Admin.Client.SendAsync(
            "POST",
            $"/users/{owner.Id}/api-keys",
            new
            {
                name = "given",
                models = new[] { "gpt-4o" },
                max_budget = 5,
            }
        );
        Assert.Equal(5m, made.Body.Number("admin_limits.max_budget"));
        var id = made.Body.Text("id");

        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { models = Array.Empty<string>() })).IsError(403, ByAdmin);
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = (decimal?)null })).IsError(403, ByAdmin);
    }

    [Fact]
    public async Task A_rotation_sheds_nothing_and_wakes_no_key()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (owner, id) = await NewKeyAsync(hub);
        (await hub.Admin.Client.SendAsync("PUT", $"/api-keys/{id}", new { is_active = false, max_budget = 5 })).Is(200);

        var rotated = await owner.Client.SendAsync("POST", $"/api-keys/{id}/rotate", new { overlap_seconds = 60 });

        Assert.Equal((false, 5m), (rotated.Body.At("is_active").GetBoolean(), rotated.Body.Number("admin_limits.max_budget")));
        Assert.Equal(
            HttpStatusCode.Unauthorized,
            (await hub.Host.NewClient(rotated.Body.Text("api_key")).GetAsync("/v1/models")).StatusCode
        );
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { is_active = true })).IsError(403, ByAdmin);
    }

    [Fact]
    public async Task A_machine_token_limits_as_its_role_does()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (owner, id) = await NewKeyAsync(hub);
        var admin = hub.Host.NewClient(
            (await hub.Admin.Client.SendAsync("POST", "/admin/access-tokens", new { name = "script", role = "admin" })).Body.Text(
                "data.token"
            )
        );
        var support = hub.Host.NewClient(
            (await hub.Admin.Client.SendAsync("POST", "/admin/access-tokens", new { name = "script", role = "support" })).Body.Text(
                "data.token"
            )
        );

        (await admin.SendAsync("PUT", $"/api-keys/{id}", new { is_active = false, max_budget = 5 })).Is(200);

        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { is_active = true })).IsError(403, ByAdmin);
        (await owner.Client.SendAsync("PATCH", $"/api-keys/{id}", new { max_budget = (decimal?)null })).IsError(403, ByAdmin);
        (await support.SendAsync("PUT", $"/api-keys/{id}", new { is_active = true })).IsError(404, "not_found");
        (await admin.SendAsync("PUT", $"/api-keys/{id}", new { is_active = true })).Is(200);
    }

    [Fact]
    public async Task What_the_page_of_LiteLlms_keys_sets_is_the_admins()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var (owner, id) = await NewKeyAsync(hub);
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/litellm/users/keys/{id}",
                new
                {
                    models = new[] { "gpt-4o" },
                    max_budget = 5,
                    expires = "2126-06-01T00:00:00Z",
                }
            )
        ).Is(200);
        foreach (var body in new[] { """{"models":[]}""", """{"max_budget":null}""", """{"expires_at":null}""" })
        {
            (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", body)).IsError(403, ByAdmin);
        }
        (await owner.Client.SendAsync("PUT", $"/admin/litellm/users/keys/{id}", new { max_budget = 50 })).IsError(403, "forbidden");
    }

    [Theory, BothDatabases]
    public async Task An_owners_cap_that_an_admin_changes_as_a_budget_is_the_admins_from_then_on(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var (owner, id) = await NewKeyAsync(hub);
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 9 })).Is(200);
        (await owner.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 90 })).Is(200);
        foreach (
            var budget in (await hub.Admin.Client.ReadAsync($"/admin/budgets?api_key_id={id}"))
                .Body.At("data")
                .EnumerateArray()
                .Concat((await hub.Admin.Client.ReadAsync($"/admin/budgets?user_id={owner.Id}")).Body.At("data").EnumerateArray())
        )
        {
            Assert.Equal(
                "admin",
                (await hub.Admin.Client.SendAsync("PUT", $"/admin/budgets/{budget.Text("id")}", new { max_budget = 3 })).Body.Text(
                    "data.source"
                )
            );
        }

        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = (decimal?)null })).IsError(403, ByAdmin);
        (await owner.Client.SendAsync("PUT", $"/api-keys/{id}", new { max_budget = 4 })).IsError(403, AboveAdmin);
        (await owner.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 4 })).IsError(403, AboveAdmin);
    }

    [Theory]
    [InlineData("PUT"), InlineData("PATCH")]
    public async Task A_monthly_limit_that_an_admin_set_is_lowered_by_its_user_and_never_raised(string method)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await person.Client.SendAsync("PUT", "/users/me/budget", new { monthly_limit = 80 })).Is(200);
        Assert.Equal("user", (await person.Client.ReadAsync("/users/me/budget")).Body.Text("set_by"));

        var set = await hub.Admin.Client.SendAsync(method, $"/users/{person.Id}/budget", new { monthly_limit = 50 });
        Assert.Equal((50m, 50m, "admin"), (set.Body.Number("monthly_limit"), set.Body.Number("admin_limit"), set.Body.Text("set_by")));

        (await person.Client.SendAsync(method, "/users/me/budget", new { monthly_limit = 51 })).IsError(403, AboveAdmin);
        (await person.Client.SendAsync(method, $"/users/{person.Id}/budget", new { monthly_limit = 1_000_000 })).IsError(403, AboveAdmin);
        var lowered = await person.Client.SendAsync(method, "/users/me/budget", new { monthly_limit = 20 });
        Assert.Equal(
            (20m, 50m, "user"),
            (lowered.Body.Number("monthly_limit"), lowered.Body.Number("admin_limit"), lowered.Body.Text("set_by"))
        );
        var raised = await person.Client.SendAsync(method, "/users/me/budget", new { monthly_limit = 50 });
        Assert.Equal(50m, raised.Body.Number("monthly_limit"));

        var replaced = await hub.Admin.Client.SendAsync(method, $"/users/{person.Id}/budget", new { monthly_limit = 70 });
        Assert.Equal((70m, "admin"), (replaced.Body.Number("monthly_limit"), replaced.Body.Text("set_by")));
        Assert.Equal(1, await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.UserId == person.Id)));
    }

    [Fact]
    public async Task What_admins_set_on_keys_of_their_own_is_theirs_as_owners()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var admin = await hub.NewPersonAsync(Roles.Admin);
        var made = await admin.Client.SendAsync(
            "POST",
            "/users/me/api-keys",
            new
            {
                name = "own",
                models = new[] { "gpt-4o" },
                max_budget = 5,
            }
        );
        Assert.Equal(JsonValueKind.Null, made.Body.At("admin_limits").ValueKind);
        Assert.Equal(["user 5000000000"], await CapsAsync(hub, made.Body.Text("id")));
    }

    private static async Task<(Person Owner, string Id)> NewKeyAsync(AdminHub hub)
    {
        var person = await hub.NewPersonAsync();
        return (person, (await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Body.Text("id"));
    }

    private static async Task<JsonElement> ShownAsync(Person owner, string id) =>
        (await owner.Client.ReadAsync("/users/me/api-keys")).Body.EnumerateArray().Single(k => k.Text("id") == id);

    private static Task<string[]> CapsAsync(AdminHub hub, string keyId) =>
        hub.ReadAsync(async db =>
            (await db.Budgets.AsNoTracking().Where(b => b.ApiKeyId == keyId).ToListAsync())
                .Select(b => $"{b.Source} {b.MaxBudgetNanoUsd}")
                .Order()
                .ToArray()
        );
}
