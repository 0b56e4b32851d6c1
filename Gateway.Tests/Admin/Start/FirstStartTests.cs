using Gateway.Admin;
using Gateway.Core.Chats;
using Gateway.Core.Keys;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Start;

public sealed class FirstStartTests
{
    private static readonly Dictionary<string, string> Boss = new()
    {
        ["ADMIN_EMAIL"] = "Boss@Example.com",
        ["ADMIN_PASSWORD"] = "password123",
    };

    [Theory, BothDatabases]
    public async Task An_empty_database_gets_tiers_and_settings(TestDatabase database)
    {
        await using var host = await HubHost.StartAsync(database, Boss);
        await using var db = await host.Databases.CreateDbContextAsync();

        Assert.Equal(
            [
                ("Free", true, 0),
                ("Starter", false, 10_000_000_000),
                ("Pro", false, 100_000_000_000),
                ("Enterprise", false, 1_000_000_000_000),
            ],
            (await db.Tiers.OrderBy(t => t.PriceNanoUsd).ToListAsync()).Select(t => (t.Name, t.IsFree, t.PriceNanoUsd))
        );
        Assert.Equal("100", await db.Settings.Where(s => s.Key == "max_api_keys_per_user").Select(s => s.Value).SingleAsync());
        Assert.Equal(
            ["litellm_api_key", "oidc_client_secret", "webhook_secret"],
            await db.Settings.Where(s => s.IsSecret).Select(s => s.Key).OrderBy(k => k).ToListAsync()
        );
    }

    [Fact]
    public async Task The_first_admin_comes_from_the_environment_and_is_not_shown()
    {
        await using var host = await HubHost.StartAsync(settings: Boss);

        Assert.Equal(("", "", ""), (host.AdminEmail, host.AdminPassword, host.ApiKey));
        var answer = await host.Anonymous.SendAsync("POST", "/auth/login", new { email = "boss@example.com", password = "password123" });
        Assert.Equal(("admin", "Enterprise"), (answer.Body.Text("user.role"), answer.Body.Text("user.tier.name")));
    }

    [Fact]
    public async Task In_development_an_admin_and_a_key_are_invented_once()
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        await using (var first = await HubHost.StartAsync(folder: folder))
        {
            Assert.Equal(("admin@localhost", 24), (first.AdminEmail, first.AdminPassword.Length));
            Assert.True(ApiKeyText.TryParse(first.ApiKey, out _, out _));
            (await first.Anonymous.SendAsync("POST", "/auth/login", new { email = first.AdminEmail, password = first.AdminPassword })).Is(
                200
            );
            Assert.Equal(System.Net.HttpStatusCode.OK, (await first.Client.GetAsync("/v1/models")).StatusCode);
        }
        await using (var second = await HubHost.StartAsync(folder: folder))
        {
            Assert.Equal(("", "", ""), (second.AdminEmail, second.AdminPassword, second.ApiKey));
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task S11_in_production_nobody_is_invented()
    {
        await using var host = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["JWT_SECRET"] = "K7f2-QmZ9-x8Lr-0pTw-4sVb-1nHd-6yGc", ["SANDBOX"] = "true" },
            environment: "Production"
        );
        await using var db = await host.Databases.CreateDbContextAsync();

        Assert.Equal([PlatformUser.Id], await db.Users.Select(u => u.Id).ToListAsync());
        Assert.Equal(4, await db.Tiers.CountAsync());
    }

    [Fact]
    public async Task A_bootstrap_key_is_made_for_the_first_admin_and_not_again_after_its_end()
    {
        var folder = Directory.CreateTempSubdirectory("hub-test-");
        var key = ApiKeyText.Create().Text;
        var settings = new Dictionary<string, string>(Boss) { ["HUB_BOOTSTRAP_KEY"] = key };
        await using (var first = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            using var client = first.NewClient(key);
            Assert.Equal(System.Net.HttpStatusCode.OK, (await client.GetAsync("/v1/models")).StatusCode);
            var boss = await first.Anonymous.SendAsync("POST", "/auth/login", new { email = "boss@example.com", password = "password123" });
            using var admin = first.NewClient(boss.Body.Text("token"));
            var id = (await admin.ReadAsync("/users/me/api-keys")).Body.Text("0.id");
            (await admin.SendAsync("DELETE", $"/api-keys/{id}")).Is(200);
        }
        await using (var second = await HubHost.StartAsync(settings: settings, folder: folder))
        {
            using var client = second.NewClient(key);
            Assert.Equal(System.Net.HttpStatusCode.Unauthorized, (await client.GetAsync("/v1/models")).StatusCode);
        }
        folder.Delete(recursive: true);
    }

    [Theory, BothDatabases]
    public async Task An_account_with_the_admins_address_is_never_promoted(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(
            database,
            Boss.ToDictionary(b => b.Key, b => b.Value.Replace("Boss", "first")),
            signIn: ("first@example.com", "password123")
        );
        var customer = await hub.NewPersonAsync();
        await using (var db = await hub.Host.Databases.CreateDbContextAsync())
        {
            await db.Users.Where(u => u.Role == Roles.Admin).ExecuteUpdateAsync(set => set.SetProperty(u => u.Role, Roles.Customer));
        }

        var result = await hub.Host.Services.GetRequiredService<FirstStart>().RunAsync(default);

        Assert.Equal(FirstStartResult.Nothing, result);
        Assert.False(await hub.ReadAsync(db => db.Users.AnyAsync(u => u.Role == Roles.Admin)));
    }

    [Theory, BothDatabases]
    public async Task Starts_at_the_same_moment_make_everything_once(TestDatabase database)
    {
        await using var host = await HubHost.StartAsync(database, Boss);
        await using (var db = await host.Databases.CreateDbContextAsync())
        {
            await db.Users.ExecuteDeleteAsync();
            await db.Tiers.ExecuteDeleteAsync();
            await db.Settings.ExecuteDeleteAsync();
        }

        await Task.WhenAll(
            Enumerable.Range(0, 6).Select(_ => Task.Run(() => host.Services.GetRequiredService<FirstStart>().RunAsync(default)))
        );

        await using (var db = await host.Databases.CreateDbContextAsync())
        {
            Assert.Equal((4, 2), (await db.Tiers.CountAsync(), await db.Users.CountAsync())); // the admin and the platform
            Assert.Equal(await db.Settings.CountAsync(), await db.Settings.Select(s => s.Key).Distinct().CountAsync());
        }
    }

    [Fact]
    public void A_result_written_by_mistake_gives_nothing_away() =>
        Assert.Equal("admin@localhost", new FirstStartResult("admin@localhost", "secret", "sk-hub-secret").ToString());
}
