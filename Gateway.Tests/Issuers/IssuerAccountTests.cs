using System.Net;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Issuers;

/// <summary>Whose account a token opens, and what its claims make of it.</summary>
public sealed class IssuerAccountTests
{
    private const string Role = "role";

    [Theory, BothDatabases]
    public async Task The_first_token_makes_an_account_and_later_ones_find_it(TestDatabase database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(database, issuer.Settings());
        using var first = hub.NewClient(
            issuer.Token(
                "s",
                ("email", "Ivan@Example.com"),
                ("email_verified", true),
                ("preferred_username", "ivan"),
                ("name", "Ivan Petrov")
            )
        );
        var me = await first.ReadAsync("/me");
        Assert.Equal(
            ("ivan@example.com", "ivan", "Ivan Petrov", "customer", true),
            (
                me.Body.Text("email"),
                me.Body.Text("username"),
                me.Body.Text("name"),
                me.Body.Text("role"),
                me.Body.At("is_verified").GetBoolean()
            )
        );
        var answer = await first.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal((me.Body.Text("id"), null), ((await hub.RecordAsync(answer)).UserId, (await hub.RecordAsync(answer)).ApiKeyId));
        using var second = hub.NewClient(issuer.Token("s", ("email", "changed@example.com"), ("email_verified", true)));
        Assert.Equal(me.Body.Text("id"), (await second.ReadAsync("/me")).Body.Text("id"));
    }

    [Theory, BothDatabases]
    public async Task Fifty_first_tokens_of_one_subject_at_once_make_one_account(TestDatabase database)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(database, issuer.Settings());
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async _ =>
                {
                    using var client = hub.NewClient(issuer.Token("s", ("preferred_username", "busy")));
                    return await client.GetAsync("/v1/models");
                })
        );
        Assert.All(answers, a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal((1, 1), (await db.ExternalIdentities.CountAsync(), await db.Users.CountAsync(u => u.Username.StartsWith("busy"))));
    }

    [Fact]
    public async Task Without_the_option_an_unknown_user_is_403_with_a_clear_error()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings(("OIDC_CREATE_USERS", "false")));
        using var client = hub.NewClient(issuer.Token("s"));
        var error = await (await client.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "no_account");
        Assert.Contains("there is no account here", error.Message, StringComparison.Ordinal);
        (await client.ReadAsync("/me")).IsError(403, "no_account");
    }

    [Fact]
    public async Task An_account_that_an_admin_made_is_found_by_its_verified_email()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(
            settings: issuer.Settings(("OIDC_CREATE_USERS", "false"), ("UNKNOWN_KEY_CACHE_SECONDS", "0"))
        );
        var person = await hub.NewPersonAsync();
        using var client = hub.Host.NewClient(issuer.Token("s", ("email", person.Email.ToUpperInvariant()), ("email_verified", true)));
        Assert.Equal(person.Email, (await client.ReadAsync("/me")).Body.Text("email"));
    }

    [Theory, InlineData(false), InlineData(null), InlineData("yes")]
    public async Task An_email_that_nobody_verified_opens_no_account(object? verified)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(settings: issuer.Settings(("OIDC_CREATE_USERS", "false")));
        using var client = hub.Host.NewClient(issuer.Token("s", ("email", hub.Host.AdminEmail), ("email_verified", verified)));
        (await client.ReadAsync("/me")).IsError(403, "no_account");
    }

    [Fact]
    public async Task Tier_team_and_role_follow_the_newest_token()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(
            settings: issuer.Settings(
                ("OIDC_CLAIM_TIER", "plan"),
                ("OIDC_CLAIM_TEAM", "https://example.com/team"),
                ("OIDC_CLAIM_ROLE", "realm_access.roles")
            )
        );
        (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { id = "red", name = "Red" })).Is(201);
        (await hub.Admin.Client.SendAsync("POST", "/admin/teams", new { id = "blue", name = "Blue" })).Is(201);
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var older = issuer.Token(
            "s",
            ("iat", now - 60),
            ("plan", "enterprise"),
            ("https://example.com/team", "red"),
            ("realm_access", new { roles = new[] { "offline", "support" } })
        );
        Assert.Equal(("Enterprise", "red", "support"), await GroupsAsync(hub, older));
        var newer = issuer.Token("s", ("iat", now), ("plan", new[] { "unknown", "Free" }), ("https://example.com/team", "Blue"));
        Assert.Equal(("Free", "blue", "customer"), await GroupsAsync(hub, newer));
        Assert.Equal(("Free", "blue", "customer"), await GroupsAsync(hub, older)); // already known here
        Assert.Equal(
            ("Free", "blue", "customer"),
            await GroupsAsync(
                hub,
                issuer.Token("s", ("iat", now - 30), ("plan", "enterprise"), ("realm_access", new { roles = new[] { "admin" } }))
            )
        );
    }

    [Theory, InlineData("OIDC_CLAIM_TIER", "tier"), InlineData("OIDC_CLAIM_TEAM", "team")]
    public async Task A_group_that_does_not_exist_here_is_403_because_its_limits_cannot_hold(string option, string kind)
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings((option, "group")));
        using var client = hub.NewClient(issuer.Token("s", ("group", "atlantis")));
        var error = await (await client.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "unknown_group");
        Assert.Contains($"{kind} 'atlantis'", error.Message, StringComparison.Ordinal);
        (await client.ReadAsync("/me")).IsError(403, "unknown_group");
    }

    [Fact]
    public async Task A_role_is_not_taken_from_a_token_when_no_setting_names_the_claim()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await HubHost.StartAsync(settings: issuer.Settings());
        using var client = hub.NewClient(
            issuer.Token("s", (Role, "admin"), ("roles", new[] { "admin" }), ("tier_id", "x"), ("user_id", "x"))
        );
        Assert.Equal("customer", (await client.ReadAsync("/me")).Body.Text("role"));
        (await client.ReadAsync("/admin/users")).IsError(403, "forbidden");
    }

    [Fact]
    public async Task The_last_admin_stays_one_whatever_the_issuer_says()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(settings: issuer.Settings(("OIDC_CLAIM_ROLE", Role)));
        using var client = hub.Host.NewClient(
            issuer.Token("s", ("email", hub.Host.AdminEmail), ("email_verified", true), (Role, "customer"))
        );
        Assert.Equal("admin", (await client.ReadAsync("/me")).Body.Text("role"));
    }

    [Fact]
    public async Task An_account_that_is_switched_off_opens_nothing_though_its_token_is_good()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(settings: issuer.Settings());
        using var client = hub.Host.NewClient(issuer.Token("s"));
        var id = (await client.ReadAsync("/me")).Body.Text("id");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
        (await hub.Admin.Client.SendAsync("PATCH", $"/admin/users/{id}", new { is_active = false })).Is(200);
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "account_inactive");
        (await client.ReadAsync("/me")).IsError(403, "account_inactive");
    }

    [Fact]
    public async Task A_deleted_account_does_not_come_back_with_the_next_token()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(settings: issuer.Settings());
        using var client = hub.Host.NewClient(issuer.Token("s"));
        var id = (await client.ReadAsync("/me")).Body.Text("id");
        (await hub.Admin.Client.SendAsync("DELETE", $"/admin/users/{id}")).Is(200);
        using var next = hub.Host.NewClient(issuer.Token("s"));
        await (await next.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "account_inactive");
    }

    [Fact]
    public async Task Approval_holds_for_accounts_that_tokens_make()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(settings: issuer.Settings());
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { free_tier_requires_approval = true })).Is(200);
        using var client = hub.Host.NewClient(issuer.Token("s"));
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(403, "permission_error", "approval_required");
    }

    [Fact]
    public async Task Settings_are_in_force_at_once_and_an_issuer_without_an_audience_is_not_trusted()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync();
        using var client = hub.Host.NewClient(issuer.Token("s"));
        (await client.ReadAsync("/me")).IsError(401, "token_invalid");
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { oidc_issuer = issuer.Address, oidc_create_users = true })).Is(
            200
        );
        (await client.ReadAsync("/me")).IsError(401, "token_invalid");
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { oidc_audience = $"other, {TestIssuer.Audience}" })).Is(200);
        (await client.ReadAsync("/me")).Is(200);
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { oidc_audience = "other" })).Is(200);
        (await client.ReadAsync("/me")).IsError(401, "token_invalid");
        await (await client.GetAsync("/v1/models")).AssertRefusedAsync(401, "invalid_request_error", "invalid_token");
    }

    [Fact]
    public async Task What_a_token_made_of_an_account_is_in_the_audit_log()
    {
        await using var issuer = await TestIssuer.StartAsync();
        await using var hub = await AdminHub.StartAsync(settings: issuer.Settings());
        using var client = hub.Host.NewClient(issuer.Token("s"));
        var entry = Assert.Single(await hub.AuditOfAsync((await client.ReadAsync("/me")).Body.Text("id")));
        Assert.Equal("user.created_by_issuer", entry.Action);
        Assert.Contains(issuer.Address, entry.After, StringComparison.Ordinal);
    }

    private static async Task<(string Tier, string? Team, string Role)> GroupsAsync(AdminHub hub, string token)
    {
        using var client = hub.Host.NewClient(token);
        var id = (await client.ReadAsync("/me")).Body.Text("id");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
        return await hub.ReadAsync(async db =>
        {
            var row = await db
                .Users.Where(u => u.Id == id)
                .Join(
                    db.Tiers,
                    u => u.TierId,
                    t => t.Id,
                    (u, t) =>
                        new
                        {
                            Tier = t.Name,
                            u.TeamId,
                            u.Role,
                        }
                )
                .SingleAsync();
            return (row.Tier, row.TeamId, row.Role);
        });
    }
}
