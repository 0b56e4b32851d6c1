using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

[Collection(AdminHubCollection.Name)]
public sealed class SignInTests(AdminHubs hubs)
{
    private static readonly string[] UserMembers =
    [
        "id",
        "email",
        "username",
        "name",
        "phone",
        "role",
        "tier_id",
        "tier",
        "team_id",
        "is_active",
        "is_verified",
        "is_guest",
        "free_tier_status",
        "billing_mode",
        "balance",
        "user_limit",
        "user_spending",
        "created_at",
        "updated_at",
        "last_login_at",
    ];

    [Theory, BothDatabases]
    public async Task A_sign_in_answers_tokens_and_the_user(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();

        var answer = await hub.Anonymous.SendAsync(
            "POST",
            "/auth/login",
            new { email = $"  {person.Email.ToUpperInvariant()} ", password = Person.DefaultPassword }
        );

        answer.Is(200);
        answer.Body.HasExactly("token", "access_token", "refresh_token", "token_type", "expires_in", "refresh_expires_in", "user");
        Assert.Equal(answer.Body.Text("token"), answer.Body.Text("access_token"));
        Assert.Equal("bearer", answer.Body.Text("token_type"));
        Assert.Equal((86_400, 604_800), (answer.Body.Number("expires_in"), answer.Body.Number("refresh_expires_in")));
        var user = answer.Body.At("user");
        user.HasExactly(UserMembers);
        user.At("tier").HasExactly("id", "name", "description", "is_free", "price", "created_at");
        user.At("user_limit").HasExactly("user_id", "monthly_token_limit", "balance");
        user.At("user_spending").HasExactly("user_id", "total_spent", "updated_at");
        Assert.Equal(
            (person.Email, "customer", "Free", "approved"),
            (user.Text("email"), user.Text("role"), user.Text("tier.name"), user.Text("free_tier_status"))
        );
        Assert.Equal(0, user.Number("balance"));
        Assert.NotNull(user.Text("last_login_at"));
        Assert.DoesNotContain("hash", answer.Raw);
    }

    [Theory]
    [InlineData("/me")]
    [InlineData("/auth/me")]
    [InlineData("/users/me")]
    public async Task Me_shows_the_user_twice(string path)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await hub.Admin.Client.ReadAsync(path);

        answer.Body.HasExactly([.. UserMembers, "user"]);
        answer.Body.At("user").HasExactly(UserMembers);
        Assert.Equal((hub.Admin.Id, "admin"), (answer.Body.Text("id"), answer.Body.Text("user.role")));
    }

    [Theory, BothDatabases]
    public async Task S22_wrong_email_and_wrong_password_get_the_same_answer(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var wrongPassword = await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = hub.Admin.Email, password = "not it" });
        var wrongEmail = await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "nobody@example.com", password = "not it" });

        wrongPassword.IsError(401, "invalid_credentials");
        wrongEmail.IsError(401, "invalid_credentials");
        Assert.Equal("Invalid credentials", wrongEmail.Body.Text("error"));
        Assert.Equal(wrongPassword.Body.Text("error"), wrongEmail.Body.Text("error"));
    }

    [Theory, BothDatabases]
    public async Task An_inactive_account_is_told_so_only_with_the_right_password(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/users/{person.Id}", new { is_active = false })).Is(200);

        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = person.Email, password = "not it" })).IsError(
            401,
            "invalid_credentials"
        );
        (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = person.Email, password = Person.DefaultPassword })).IsError(
            403,
            "account_inactive"
        );
    }

    [Theory, BothDatabases]
    public async Task Sign_ins_and_failures_are_audited_without_secrets(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var person = await hub.NewPersonAsync();
        await hub.Anonymous.SendAsync(
            "POST",
            "/auth/login",
            new { email = person.Email, password = "geheim-falsch" },
            r => r.Headers.Add("X-Request-Id", "req-1")
        );

        var audit = await hub.AuditOfAsync(person.Id);
        Assert.Equal(["user.created", "auth.login", "auth.login_failed"], audit.Select(a => a.Action));
        Assert.Equal((null, "req-1", "127.0.0.1"), (audit[2].ActorId, audit[2].RequestId, audit[2].Ip));
        Assert.Equal((person.Id, Roles.Customer), (audit[1].ActorId, audit[1].ActorRole));
        Assert.Contains(person.Email, audit[2].After);
        Assert.DoesNotContain("geheim-falsch", audit[2].After);
    }

    [Fact]
    public async Task What_is_no_email_address_is_not_written_down()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = "my-password-by-mistake", password = "x" });

        Assert.False(await hub.ReadAsync(db => db.AuditLog.AnyAsync(a => a.After!.Contains("my-password-by-mistake"))));
    }

    [Fact]
    public async Task A_password_hashed_with_less_work_is_hashed_again_at_sign_in()
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        var settings = new Dictionary<string, string> { ["ADMIN_EMAIL"] = "boss@example.com", ["ADMIN_PASSWORD"] = "password123" };
        await using (var before = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            Assert.StartsWith("$pbkdf2-sha512$i=1000$", await HashAsync(before));
        }
        settings["PASSWORD_ITERATIONS"] = "2000";
        await using (var after = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            (await after.Anonymous.SendAsync("POST", "/auth/login", new { email = "boss@example.com", password = "password123" })).Is(200);
            Assert.StartsWith("$pbkdf2-sha512$i=2000$", await HashAsync(after));
            (await after.Anonymous.SendAsync("POST", "/auth/login", new { email = "boss@example.com", password = "password123" })).Is(200);
        }
        folder.Delete(recursive: true);

        static async Task<string> HashAsync(HubHost host)
        {
            await using var db = await host.Databases.CreateDbContextAsync();
            return await db.Users.Where(u => u.Email == "boss@example.com").Select(u => u.PasswordHash).SingleAsync();
        }
    }
}
