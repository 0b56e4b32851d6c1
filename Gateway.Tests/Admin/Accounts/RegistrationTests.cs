using System.Net;
using Gateway.Admin.Accounts;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Admin.Accounts;

/// <summary>Registration, scenario 1; the security rule S6.</summary>
[Collection(AdminHubCollection.Name)]
public sealed class RegistrationTests(AdminHubs hubs)
{
    [Theory, BothDatabases]
    public async Task A_new_account_is_signed_in_on_the_free_tier(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var email = NewEmail();

        var answer = await RegisterAsync(
            hub,
            new
            {
                email = email.ToUpperInvariant(),
                password = "password123",
                tier_name = "free",
                role = "admin",
                balance = 5,
            }
        );

        answer.Is(201);
        answer.Body.HasExactly("token", "access_token", "refresh_token", "token_type", "expires_in", "refresh_expires_in", "user");
        Assert.Equal(answer.Body.Text("token"), answer.Body.Text("access_token"));
        Assert.Equal(
            (email, "customer", 0m, "Free", "approved"),
            (
                answer.Body.Text("user.email"),
                answer.Body.Text("user.role"),
                answer.Body.Number("user.balance"),
                answer.Body.Text("user.tier.name"),
                answer.Body.Text("user.free_tier_status")
            )
        );
        Assert.DoesNotContain("hash", answer.Raw);
        (await hub.Host.NewClient(answer.Body.Text("token")).ReadAsync("/me")).Is(200);
        (await RegisterAsync(hub, new { email, password = "password123" })).IsError(400, "email_taken");
    }

    [Fact]
    public async Task S6_a_tier_that_is_not_free_cannot_be_chosen()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var pro = await hub.ReadAsync(db => db.Tiers.SingleAsync(t => t.Name == "Pro"));
        (
            await RegisterAsync(
                hub,
                new
                {
                    email = NewEmail(),
                    password = "password123",
                    tier_name = "ENTERPRISE",
                }
            )
        ).IsError(403, "tier_not_allowed");
        (
            await RegisterAsync(
                hub,
                new
                {
                    email = NewEmail(),
                    password = "password123",
                    tier_id = pro.Id,
                }
            )
        ).IsError(403, "tier_not_allowed");
        (
            await RegisterAsync(
                hub,
                new
                {
                    email = NewEmail(),
                    password = "password123",
                    tier_name = "Gold",
                }
            )
        ).IsError(400, "tier_not_found");
    }

    [Theory]
    [InlineData("{\"firstName\":\"Ivan\",\"lastName\":\"Petrov\"}", "Ivan Petrov")]
    [InlineData("{\"first_name\":\"Ivan\"}", "Ivan")]
    [InlineData("{\"name\":\"Ivan P\",\"firstName\":\"X\"}", "Ivan P")]
    public async Task A_name_comes_whole_or_in_halves(string members, string expected)
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await RegisterAsync(hub, members.Replace("{", $"{{\"email\":\"{NewEmail()}\",\"password\":\"password123\","));
        Assert.Equal(expected, answer.Body.Text("user.name"));
    }

    [Fact]
    public async Task A_short_password_is_told_with_its_minimum()
    {
        var hub = await hubs.OnAsync(TestDatabase.Sqlite);
        var answer = await RegisterAsync(hub, new { email = NewEmail(), password = "123" });
        answer.IsError(400, "validation_failed");
        Assert.Contains("minimum", answer.Body.Text("error"));
        Assert.Contains("password", answer.Body.Text("error"));
    }

    [Theory, BothDatabases]
    public async Task Of_parallel_registrations_of_one_email_exactly_one_succeeds(TestDatabase database)
    {
        var hub = await hubs.OnAsync(database);
        var email = NewEmail();

        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => RegisterAsync(hub, new { email, password = "password123" })));

        Assert.Single(answers, a => a.Status == HttpStatusCode.Created);
        Assert.All(answers.Where(a => a.Status != HttpStatusCode.Created), a => a.IsError(400, "email_taken"));
    }

    [Theory, BothDatabases]
    public async Task The_settings_of_registration_hold_at_once(TestDatabase database)
    {
        await using var hub = await AdminHub.StartAsync(database);
        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings", new { signup_credit = 2.5, free_tier_requires_approval = true })).Is(
            200
        );

        var answer = await RegisterAsync(hub, new { email = NewEmail(), password = "password123" });
        Assert.Equal((2.5m, "pending"), (answer.Body.Number("user.balance"), answer.Body.Text("user.free_tier_status")));
        using var client = hub.Host.NewClient(answer.Body.Text("token"));
        var credit = (await client.ReadAsync("/transactions")).Body.At("transactions.0");
        Assert.Equal(
            ("deposit", "completed", 2.5m, 2.5m),
            (credit.Text("type"), credit.Text("status"), credit.Number("amount"), credit.Number("balance_after"))
        );

        (await client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).IsError(403, "approval_required"); // scenario 9
        var approved = await hub.Admin.Client.SendAsync("POST", $"/admin/users/{answer.Body.Text("user.id")}/approve");
        Assert.Equal("approved", approved.Body.Text("user.free_tier_status"));
        (await client.SendAsync("POST", "/users/me/api-keys", new { name = "k" })).Is(201);
        Assert.Equal(
            "rejected",
            (await hub.Admin.Client.SendAsync("POST", $"/admin/approve/{answer.Body.Text("user.id")}", new { approved = false })).Body.Text(
                "data.free_tier_status"
            )
        );

        (await hub.Admin.Client.SendAsync("PUT", "/admin/settings/registration_enabled", new { value = false })).Is(200);
        (await RegisterAsync(hub, new { email = NewEmail(), password = "password123" })).IsError(403, "registration_disabled");
    }

    [Fact]
    public async Task Guests_exist_only_by_option_and_pay_for_nothing()
    {
        (await (await hubs.OnAsync(TestDatabase.Sqlite)).Anonymous.SendAsync("POST", "/auth/guest")).IsError(404, "route_not_found");
        await using var hub = await AdminHub.StartAsync(settings: new Dictionary<string, string> { ["GUEST_SESSIONS_ENABLED"] = "true" });

        var guest = await hub.Anonymous.SendAsync("POST", "/auth/guest");

        guest.Is(201);
        Assert.Equal((guest.Body.Text("user.id"), true), (guest.Body.Text("guest_id"), guest.Body.At("user.is_guest").GetBoolean()));
        using var client = hub.Host.NewClient(guest.Body.Text("token"));
        using var paid = await client.ChatAsync(InferenceCalls.Chat("gpt-4o", ",\"max_tokens\":5"));
        Assert.Equal(HttpStatusCode.TooManyRequests, paid.StatusCode);
        var config = await hub.ReadAsync(db =>
            db.ModelConfigs.SingleAsync(c => db.Models.Any(m => m.Id == c.ModelId && m.Name == "gpt-4o"))
        );
        (await hub.Admin.Client.SendAsync("PUT", $"/admin/model-configs/{config.Id}", new { is_free = true })).Is(200);
        using var free = await client.ChatAsync(InferenceCalls.Chat("gpt-4o", ",\"max_tokens\":5"));
        Assert.Equal(HttpStatusCode.OK, free.StatusCode);
    }

    [Theory, BothDatabases]
    public async Task Guests_are_deleted_when_their_days_are_over(TestDatabase database)
    {
        var clock = new SetClock(DateTimeOffset.UtcNow);
        var settings = new Dictionary<string, string> { ["GUEST_SESSIONS_ENABLED"] = "true", ["GUEST_DAYS"] = "2" };
        await using var hub = await AdminHub.StartAsync(database, settings, clock);
        var guest = await hub.Anonymous.SendAsync("POST", "/auth/guest");
        using var client = hub.Host.NewClient(guest.Body.Text("token"));
        (await client.SendAsync("POST", "/chats", new { title = "mine" })).Is(201);
        var ending = hub.Host.Services.GetRequiredService<UserEnding>();

        clock.Advance(TimeSpan.FromHours(47.9));
        Assert.Equal(0, await ending.DeleteGuestsAsync(CancellationToken.None));
        clock.Advance(TimeSpan.FromHours(0.2));
        Assert.Equal(1, await ending.DeleteGuestsAsync(CancellationToken.None));

        Assert.Equal(0, await hub.ReadAsync(db => db.Chats.CountAsync()));
        Assert.Equal(0, await ending.DeleteGuestsAsync(CancellationToken.None));
    }

    private static string NewEmail() => $"{Guid.NewGuid():N}@x.io";

    private static Task<ApiAnswer> RegisterAsync(AdminHub hub, object body) => hub.Anonymous.SendAsync("POST", "/auth/register", body);
}
