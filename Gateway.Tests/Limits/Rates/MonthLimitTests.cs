using Gateway.Limits.Rates;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Rates;

/// <summary>A user's monthly token limit.</summary>
public sealed class MonthLimitTests
{
    private readonly AdmissionDesk _desk = new(new DateTimeOffset(2026, 1, 31, 22, 0, 0, TimeSpan.Zero));

    [Fact]
    public void A_month_is_counted_over_its_days_until_the_next_begins_in_utc()
    {
        var desk = new AdmissionDesk(new DateTimeOffset(2026, 1, 30, 12, 0, 0, TimeSpan.Zero));
        var limit = Limits.User() with { TokensPerMonth = 100 };
        desk.Admit(60, limit).Release(LeaseEnd.Answered(60));
        desk.Advance(24 * 3600);
        desk.Refuse(41, limit);
        desk.Admit(40, limit);
        desk.Advance((12 * 3600) - 0.001);
        desk.Refuse(1, limit);
        desk.Advance(0.001);
        desk.Admit(100, limit);
    }

    [Fact]
    public void A_refusal_waits_until_the_month_ends()
    {
        var limit = Limits.User() with { TokensPerMonth = 100 };
        _desk.Admit(100, limit);
        var refusal = _desk.Refuse(1, limit);
        Assert.Equal(
            (LimitWindow.TokensPerMonth, TimeSpan.FromHours(2), new DateTime(2026, 2, 1, 0, 0, 0, DateTimeKind.Utc)),
            (refusal.Window, refusal.RetryAfter, refusal.ResetAt)
        );
    }

    [Fact]
    public void A_call_that_used_less_gives_the_rest_back_to_its_month_alone()
    {
        var limit = Limits.User() with { TokensPerMonth = 100 };
        var (early, late) = (_desk.Admit(50, limit), _desk.Admit(50, limit));
        early.Release(LeaseEnd.Answered(10));
        Assert.Equal((10, 50, 40), Standing(limit));
        _desk.Advance(2 * 3600);
        _desk.Admit(70, limit);
        late.Release(LeaseEnd.Answered(1));
        Assert.Equal((0, 70, 30), Standing(limit));
    }

    [Theory, BothDatabases]
    public async Task The_limit_of_a_user_acts_at_once_is_told_and_outlives_a_restart(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-month-");
        var settings = await TestDatabases.SettingsAsync(database);
        string key;
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            var caller = await hub.AddCallerAsync();
            key = caller.Text;
            using var client = hub.NewClient(key);
            Assert.True((await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini", ",\"max_tokens\":50"))).IsSuccessStatusCode);
            var admin = await SignInAsync(hub);
            (await admin.SendAsync("PATCH", $"/admin/users/{caller.UserId}", new { monthly_token_limit = 60 })).Is(200);
            await Eventually.TrueAsync(
                async () => (int)(await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini", ",\"max_tokens\":50"))).StatusCode == 429,
                "the limit is in force"
            );
        }
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var client = hub.NewClient(key);
            var refused = await client.ChatAsync(InferenceCalls.Chat("gpt-4o-mini", ",\"max_tokens\":50"));
            await refused.AssertRefusedAsync(429, "tokens", "rate_limit_exceeded");
            var limit = (await (await client.GetAsync("/v1/key")).JsonAsync())
                .GetProperty("limits")
                .GetProperty("rates")
                .EnumerateArray()
                .Single(r => r.GetProperty("window").GetString() == "tokens_per_month");
            Assert.Equal(60, limit.GetProperty("limit").GetInt64());
            Assert.True(limit.GetProperty("used").GetInt64() > 0);
        }
        folder.Delete(recursive: true);
    }

    private (long Used, long Held, long Remaining) Standing(Gateway.Core.Quotas.RateLimit limit)
    {
        var usage = _desk.Read(limit, LimitWindow.TokensPerMonth);
        return (usage.Used, usage.Held, usage.Remaining);
    }

    private static async Task<HttpClient> SignInAsync(HubHost hub) =>
        hub.NewClient(
            (await hub.Anonymous.SendAsync("POST", "/auth/login", new { email = hub.AdminEmail, password = hub.AdminPassword })).Body.Text(
                "access_token"
            )
        );
}
