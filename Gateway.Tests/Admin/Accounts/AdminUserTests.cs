using System.Net;
using System.Text.Json;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

/// <summary>Section 2.10.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class AdminUserTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_new_user_has_what_was_sent_and_defaults_for_the_rest(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var name = Guid.NewGuid().ToString("N")[..12];

        var answer = await hub.Admin.Client.SendAsync(
            "POST",
            "/admin/users",
            new
            {
                email = $" {name}@Example.com ",
                password = "password123",
                name = "Иван Петров",
                phone = name,
                monthly_token_limit = 1000,
                id = "mine",
                balance = 5,
                unknown = true,
            }
        );

        answer.Is(201);
        answer.Body.HasExactly("success", "message", "data", "user");
        var user = answer.Body.At("data");
        Assert.Equal(
            ($"{name}@example.com", name, "Иван Петров", name, "customer", "Free"),
            (user.Text("email"), user.Text("username"), user.Text("name"), user.Text("phone"), user.Text("role"), user.Text("tier.name"))
        );
        Assert.Equal((1000, 0), (user.Number("user_limit.monthly_token_limit"), user.Number("balance")));
        Assert.True(Guid.TryParse(user.Text("id"), out _));
        Assert.Equal(
            (true, false, false),
            (user.At("is_active").GetBoolean(), user.At("is_verified").GetBoolean(), user.At("is_guest").GetBoolean())
        );
        Assert.Equal(JsonValueKind.Null, user.At("last_login_at").ValueKind);
        var audit = (await hub.AuditOfAsync(user.Text("id"))).Single();
        Assert.Equal(("user.created", hub.Admin.Id, Roles.Admin, null), (audit.Action, audit.ActorId, audit.ActorRole, audit.Before));
        Assert.Contains("\"password\":\"********\"", audit.After);
        Assert.DoesNotContain("pbkdf2", audit.After);
    }

    [Theory]
    [InlineData("{\"email\":\"no-at\",\"password\":\"password123\"}", "email", "email")]
    [InlineData("{\"email\":\"a@b@c\",\"password\":\"password123\"}", "email", "email")]
    [InlineData("{\"email\":\"a b@c.de\",\"password\":\"password123\"}", "email", "email")]
    [InlineData("{\"email\":\"a@\",\"password\":\"password123\"}", "email", "email")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"123\"}", "password", "min_length")]
    [InlineData("{\"email\":\"a@x.io\"}", "password", "required")]
    [InlineData("{\"email\":null,\"password\":\"password123\"}", "email", "not_null")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"password123\",\"role\":\"root\"}", "role", "one_of")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"password123\",\"username\":\"ab\"}", "username", "min_length")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"password123\",\"username\":\"a b c\"}", "username", "format")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"password123\",\"monthly_token_limit\":-1}", "monthly_token_limit", "integer")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"password123\",\"monthly_token_limit\":\"5\"}", "monthly_token_limit", "integer")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"password123\",\"name\":\"a\\u0000b\"}", "name", "characters")]
    [InlineData("{\"email\":\"a@x.io\",\"password\":\"password123\",\"phone\":\"123456789012345678901\"}", "phone", "max_length")]
    public async Task A_wrong_member_is_named(string body, string field, string code)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.SendAsync("POST", "/admin/users", body);

        answer.IsError(400, "validation_failed");
        Assert.Equal((field, code), (answer.Body.Text("details.0.field"), answer.Body.Text("details.0.code")));
        Assert.Contains(field, answer.Body.Text("error"));
        if (code is "min_length" or "max_length")
        {
            Assert.Matches("minimum|maximum", answer.Body.Text("error"));
        }
    }

    [Theory, BothDatabases]
    public async Task What_must_be_unique_is_refused_by_name(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var tag = Guid.NewGuid().ToString("N")[..10];
        Task<ApiAnswer> CreateAsync(string email, string username, string phone) =>
            hub.Admin.Client.SendAsync(
                "POST",
                "/admin/users",
                new
                {
                    email,
                    password = "password123",
                    username,
                    phone,
                }
            );
        (await CreateAsync($"{tag}@x.io", $"Name.{tag}", tag)).Is(201);

        (await CreateAsync($"{tag.ToUpperInvariant()}@X.IO", $"other.{tag}", $"{tag}1")).IsError(400, "email_taken");
        (await CreateAsync($"{tag}2@x.io", $"NAME.{tag}", $"{tag}1")).IsError(400, "username_taken");
        (await CreateAsync($"{tag}2@x.io", $"other.{tag}", tag)).IsError(400, "phone_taken");
        (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/users",
                new
                {
                    email = $"{tag}3@x.io",
                    password = "password123",
                    tier_id = "unknown",
                }
            )
        ).IsError(404, "tier_not_found");
    }

    [Theory, BothDatabases]
    public async Task Of_parallel_creations_with_one_email_exactly_one_succeeds(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var email = $"{Guid.NewGuid():N}@x.io";

        var answers = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => hub.Admin.Client.SendAsync("POST", "/admin/users", new { email, password = "password123" }))
        );

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.IsError(400, "email_taken"));
    }

    [Theory, BothDatabases]
    public async Task Parallel_creations_with_one_local_part_get_different_usernames(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var local = Guid.NewGuid().ToString("N");

        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 4)
                .Select(i =>
                    hub.Admin.Client.SendAsync("POST", "/admin/users", new { email = $"{local}@x{i}.io", password = "password123" })
                )
        );

        Assert.All(answers, a => a.Is(201));
        Assert.Equal(4, answers.Select(a => a.Body.Text("data.username")).Distinct().Count());
    }

    [Theory, BothDatabases]
    public async Task An_update_changes_the_members_sent_and_clears_with_null(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        var pro = await hub.ReadAsync(db => db.Tiers.SingleAsync(t => t.Name == "Pro"));

        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/users/{person.Id}",
                new
                {
                    name = "Ann",
                    phone = person.Id[..15],
                    monthly_token_limit = 5,
                    tier_id = pro.Id,
                    is_verified = true,
                }
            )
        ).Is(200);
        var answer = await hub.Admin.Client.SendAsync(
            "PATCH",
            $"/admin/users/{person.Id}",
            new { phone = (string?)null, monthly_token_limit = (long?)null }
        );

        answer.Is(200);
        answer.Body.HasExactly("success", "message", "data", "user");
        var user = answer.Body.At("data");
        Assert.Equal(("Ann", "Pro", "none"), (user.Text("name"), user.Text("tier.name"), user.Text("free_tier_status")));
        Assert.Equal(
            (JsonValueKind.Null, JsonValueKind.Null),
            (user.At("phone").ValueKind, user.At("user_limit.monthly_token_limit").ValueKind)
        );
        Assert.True(user.At("is_verified").GetBoolean());
        (await person.Client.ReadAsync("/me")).Is(200); // nothing of this ends a session
        var audit = (await hub.AuditOfAsync(person.Id))[^1];
        Assert.Equal(["monthly_token_limit", "phone"], JsonDocument.Parse(audit.After!).RootElement.MemberNames());
        Assert.Equal(5, JsonDocument.Parse(audit.Before!).RootElement.Number("monthly_token_limit"));
    }

    [Theory]
    [InlineData("{}", "nothing_to_update")]
    [InlineData("{\"balance\":5,\"id\":\"x\",\"created_at\":null}", "nothing_to_update")]
    [InlineData("{\"email\":null}", "validation_failed")]
    [InlineData("{\"is_active\":null}", "validation_failed")]
    [InlineData("{\"role\":null}", "validation_failed")]
    [InlineData("{\"tier_id\":null}", "validation_failed")]
    [InlineData("{\"is_active\":\"true\"}", "validation_failed")]
    public async Task An_update_without_a_usable_member_is_400(string body, string code)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", body)).IsError(400, code);
    }

    [Fact]
    public async Task Unknown_rows_are_404()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await hub.Admin.Client.ReadAsync("/admin/users/unknown")).IsError(404, "user_not_found");
        (await hub.Admin.Client.ReadAsync($"/admin/users/{new string('x', 500)}")).IsError(404, "user_not_found");
        (await hub.Admin.Client.SendAsync("PUT", "/admin/users/unknown", new { name = "x" })).IsError(404, "user_not_found");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { tier_id = "unknown" })).IsError(404, "tier_not_found");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { team_id = "unknown" })).IsError(404, "not_found");
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/users/{person.Id}",
                new { email = hub.Admin.Email.Replace("localhost", "example.com") }
            )
        ).Is(200);
        (
            await hub.Admin.Client.SendAsync(
                "PUT",
                $"/admin/users/{(await hub.NewPersonAsync()).Id}",
                new { email = person.Email.Replace(person.Email, hub.Admin.Email.Replace("localhost", "example.com")) }
            )
        ).IsError(400, "email_taken");
    }

    public static TheoryData<TestDatabase, string> EndingChanges()
    {
        var data = new TheoryData<TestDatabase, string>();
        foreach (var database in TestDatabases.All)
        {
            data.Add(database, "{\"role\":\"support\"}");
            data.Add(database, "{\"is_active\":false}");
            data.Add(database, "{\"password\":\"another-password\"}");
        }
        return data;
    }

    [Theory]
    [MemberData(nameof(EndingChanges))]
    public async Task A_new_role_a_new_password_and_a_deactivation_end_the_sessions(TestDatabase database, string body)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", body)).Is(200);

        (await person.Client.ReadAsync("/me")).IsError(401, "token_revoked");
    }

    [Fact]
    public async Task A_new_password_holds_and_stays_out_of_the_audit_log()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var person = await hub.NewPersonAsync();
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { password = "another-password" })).Is(200);

        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = person.Email, password = Person.DefaultPassword })).IsError(
            401,
            "invalid_credentials"
        );
        await hub.SignInAsync(person.Email, "another-password");
        var audit = (await hub.AuditOfAsync(person.Id)).Single(a => a.Action == "user.updated");
        Assert.Equal("{\"password\":\"********\"}", audit.After);
        Assert.Equal("{\"password\":\"********\"}", audit.Before);
    }

    [Theory, BothDatabases]
    public async Task The_last_active_admin_stays_one(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{hub.Admin.Id}", new { role = "customer" })).IsError(409, "last_admin");
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{hub.Admin.Id}", new { is_active = false })).IsError(409, "last_admin");
        (await hub.Admin.Client.ReadAsync("/me")).Is(200); // nothing was changed, no session ended

        var second = await hub.NewPersonAsync(Roles.Admin);
        (await second.Client.SendAsync("PUT", $"/admin/users/{hub.Admin.Id}", new { role = "customer" })).Is(200);
        (await second.Client.SendAsync("PUT", $"/admin/users/{second.Id}", new { role = "support" })).IsError(409, "last_admin");
    }

    [Theory, BothDatabases]
    public async Task Two_admins_who_demote_each_other_at_once_leave_one(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        for (var round = 0; round < 5; round++)
        {
            var (a, b) = (await hub.NewPersonAsync(Roles.Admin), await hub.NewPersonAsync(Roles.Admin));
            await hub.Host.Databases.DemoteAsync(hub.Admin.Id);
            var answers = await Task.WhenAll(
                a.Client.SendAsync("PUT", $"/admin/users/{b.Id}", new { role = "customer" }),
                b.Client.SendAsync("PUT", $"/admin/users/{a.Id}", new { role = "customer" })
            );
            Assert.Equal(1, await hub.ReadAsync(db => db.Users.CountAsync(u => u.Role == Roles.Admin && u.IsActive)));
            Assert.Single(answers, x => x.Status == HttpStatusCode.OK);
            await hub.Host.Databases.PromoteOnlyAsync(hub.Admin.Id);
        }
    }

    [Theory, BothDatabases]
    public async Task The_list_filters_and_searches(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var tag = Guid.NewGuid().ToString("N")[..12];
        async Task<string> CreateAsync(object body) =>
            (await hub.Admin.Client.SendAsync("POST", "/admin/users", body)).Body.Text("data.id");
        var first = await CreateAsync(
            new
            {
                email = $"a.{tag}@x.io",
                password = "password123",
                role = "support",
            }
        );
        var second = await CreateAsync(
            new
            {
                email = $"{Guid.NewGuid():N}@x.io",
                password = "password123",
                name = $"Zoë {tag.ToUpperInvariant()}",
            }
        );
        await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{second}", new { is_active = false });

        async Task<string[]> IdsAsync(string query) =>
            [
                .. (await hub.Admin.Client.ReadAsync($"/admin/users?search={tag}&{query}"))
                    .Body.At("data")
                    .EnumerateArray()
                    .Select(u => u.Text("id")),
            ];

        Assert.Equal([second, first], await IdsAsync("")); // newest first
        Assert.Equal([first], await IdsAsync("role=support"));
        Assert.Equal([second], await IdsAsync("is_active=0"));
        Assert.Equal([second, first], await IdsAsync("free_tier_status=approved"));
        Assert.Empty(await IdsAsync("free_tier_status=none"));
        Assert.Empty(await IdsAsync("tier_id=unknown"));
        Assert.Equal([first], await IdsAsync("limit=1&offset=1"));
    }

    [Theory, BothDatabases]
    public async Task A_search_ignores_case_in_every_alphabet_and_follows_a_new_name(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var tag = Guid.NewGuid().ToString("N")[..12];
        var id = (
            await hub.Admin.Client.SendAsync(
                "POST",
                "/admin/users",
                new
                {
                    email = $"{tag}@x.io",
                    password = "password123",
                    username = $"User{tag}",
                    name = $"ŁUKASZ Ёлка {tag}",
                }
            )
        ).Body.Text("data.id");

        async Task<int> FoundAsync(string text) =>
            (await hub.Admin.Client.ReadAsync("/admin/users?search=" + Uri.EscapeDataString(text)))
                .Body.At("data")
                .EnumerateArray()
                .Count(u => u.Text("id") == id);

        foreach (var text in new[] { $"łukasz ёлка {tag}", $"ЁЛКА {tag}", $"USER{tag}", $"{tag}@X.IO" })
        {
            Assert.Equal(1, await FoundAsync(text));
        }
        Assert.Equal(0, await FoundAsync($"%ёлка_{tag}"));
        await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{id}", new { name = $"Anna {tag}" });
        Assert.Equal((0, 1), (await FoundAsync($"ёлка {tag}"), await FoundAsync($"anna {tag}")));
    }
}
