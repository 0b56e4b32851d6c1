using System.Text.Json;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

/// <summary>Sections 2.3 and 4.10, and the tier routes of 2.6.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class OwnAccountTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task Users_change_name_username_and_phone_and_nothing_else(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var tag = Guid.NewGuid().ToString("N")[..12];

        var answer = await person.Client.SendAsync(
            "PUT",
            "/users/me",
            new
            {
                username = $"New.{tag}",
                name = "Ann",
                phone = tag,
                role = "admin",
                is_active = false,
            }
        );

        answer.Is(200);
        Assert.Equal(
            ($"New.{tag}", "Ann", tag, "customer"),
            (answer.Body.Text("username"), answer.Body.Text("user.name"), answer.Body.Text("phone"), answer.Body.Text("role"))
        );
        var other = await hub.NewPersonAsync();
        (await other.Client.SendAsync("PATCH", "/users/me", new { username = $"NEW.{tag}" })).IsError(400, "username_taken");
        (await other.Client.SendAsync("PATCH", "/users/me", new { phone = tag })).IsError(400, "phone_taken");
        (await other.Client.SendAsync("PATCH", "/users/me", new { role = "admin" })).IsError(400, "nothing_to_update");
        Assert.Equal(
            JsonValueKind.Null,
            (await person.Client.SendAsync("PATCH", "/users/me", new { name = (string?)null })).Body.At("name").ValueKind
        );
    }

    [Theory, BothDatabases]
    public async Task A_new_password_ends_the_other_sessions(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var other = await hub.SignInAsync(person.Email, Person.DefaultPassword);

        (
            await person.Client.SendAsync("POST", "/users/me/password", new { old_password = "wrong", new_password = "new-password" })
        ).IsError(400, "validation_failed");
        (
            await person.Client.SendAsync(
                "POST",
                "/users/me/password",
                new { old_password = Person.DefaultPassword, new_password = "short" }
            )
        ).IsError(400, "validation_failed");
        var answer = await person.Client.SendAsync(
            "POST",
            "/users/me/password",
            new { old_password = Person.DefaultPassword, new_password = "new-password" }
        );

        answer.Is(200);
        Assert.Equal("Password changed", answer.Body.Text("message"));
        (await person.Client.ReadAsync("/me")).Is(200);
        (await other.Client.ReadAsync("/me")).IsError(401, "token_revoked");
        await hub.SignInAsync(person.Email, "new-password");
        Assert.Contains("auth.password_changed", (await hub.AuditOfAsync(person.Id)).Select(a => a.Action));
    }

    [Theory, BothDatabases]
    public async Task A_deleted_user_is_a_tombstone_and_the_email_is_free_again(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var key = await person.Client.SendAsync("POST", "/users/me/api-keys", new { name = "k", max_budget = 5 });
        await hub.Admin.Client.SendAsync("POST", "/admin/budgets", new { user_id = person.Id, max_budget = 5 });
        await hub.Admin.Client.SendAsync("POST", "/admin/rate-limits", new { api_key_id = key.Body.Text("id"), requests_per_day = 5 });
        await hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "deposit", amount = 5 });

        var answer = await hub.Admin.Client.SendAsync("DELETE", $"/admin/users/{person.Id}");

        answer.Is(200);
        Assert.Equal(JsonValueKind.Null, answer.Body.At("data").ValueKind);
        (await person.Client.ReadAsync("/me")).IsError(401, "token_revoked");
        using var models = await hub.Host.NewClient(key.Body.Text("api_key")).GetAsync("/v1/models");
        Assert.Equal(401, (int)models.StatusCode);
        var row = await hub.ReadAsync(db => db.Users.SingleAsync(u => u.Id == person.Id));
        Assert.Equal(($"deleted+{person.Id}@invalid", (string?)null, false, ""), (row.Email, row.Name, row.IsActive, row.PasswordHash));
        Assert.Equal(
            (0, 0, 1),
            (
                await hub.ReadAsync(db => db.Budgets.CountAsync(b => b.UserId == person.Id || b.ApiKeyId == key.Body.Text("id"))),
                await hub.ReadAsync(db => db.RateLimits.CountAsync(l => l.ApiKeyId == key.Body.Text("id"))),
                await hub.ReadAsync(db => db.Transactions.CountAsync(t => t.UserId == person.Id))
            )
        );
        (await hub.Admin.Client.ReadAsync($"/admin/users/{person.Id}")).IsError(404, "user_not_found");
        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = person.Email, password = Person.DefaultPassword })).IsError(
            401,
            "invalid_credentials"
        );
        (await hub.Anonymous.SendAsync("POST", "/auth/register", new { email = person.Email, password = "password123" })).Is(201);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/users/{person.Id}")).IsError(404, "user_not_found");
        Assert.DoesNotContain(person.Email, (await hub.AuditOfAsync(person.Id))[^1].Before ?? "");
    }

    [Fact]
    public async Task Admins_do_not_delete_themselves()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/users/{hub.Admin.Id}")).IsError(409, "conflict");
    }

    [Theory, BothDatabases]
    public async Task Spend_moves_a_user_up_and_never_down(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var none = (await person.Client.SendAsync("POST", "/users/me/tier/check")).Body;
        none.HasExactly("success", "message", "upgraded", "previous_tier", "tier", "total_spent", "next_tier", "amount_to_next");
        Assert.Equal(
            (false, "Free", "Starter", 10m),
            (none.At("upgraded").GetBoolean(), none.Text("tier.name"), none.Text("next_tier.name"), none.Number("amount_to_next"))
        );

        await hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "deposit", amount = 20 });
        await hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "usage", amount = 10 });
        await Eventually.TrueAsync(
            async () => (await person.Client.ReadAsync("/users/me/tier")).Body.Text("name") == "Starter",
            "the user is moved up"
        );
        Assert.Equal("tier.upgraded", (await hub.AuditOfAsync(person.Id))[^1].Action);

        await hub.Admin.Client.SendAsync("POST", $"/admin/users/{person.Id}/transactions", new { type = "refund", amount = 10 });
        Assert.Equal("Starter", (await person.Client.SendAsync("POST", "/users/me/tier/check")).Body.Text("tier.name"));
        var enterprise = await hub.ReadAsync(db => db.Tiers.SingleAsync(t => t.Name == "Enterprise"));
        await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { tier_id = enterprise.Id });
        var kept = (await person.Client.SendAsync("POST", "/users/me/tier/check")).Body;
        Assert.Equal(
            ("Enterprise", JsonValueKind.Null, 0m),
            (kept.Text("tier.name"), kept.At("next_tier").ValueKind, kept.Number("amount_to_next"))
        );
    }
}
