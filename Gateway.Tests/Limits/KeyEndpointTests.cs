using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Storage.Providers;
using Gateway.Core.Tokens;
using Gateway.Ledger;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits;

public sealed class KeyEndpointTests
{
    [Theory, BothDatabases]
    public async Task A_key_learns_who_it_is_and_what_it_spent(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var key = await hub.AddCallerAsync(describeKey: k => (k.Models, k.Name) = (["gpt-4o"], "mine"));
        var now = DateTime.UtcNow;
        var month = new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc);
        await SpendAsync(hub, key.UserId, key.Id, (now, 1_000), (month, 20_000), (month.AddTicks(-10), 300_000), (now, 4_000_000));
        await SpendAsync(hub, key.UserId, "another key", (now, 9_999));
        await SpendAsync(hub, key.UserId, null, (now, 8_888));

        using var client = hub.NewClient(key.Text);
        foreach (var path in new[] { "/v1/key", "/key" })
        {
            var answer = await client.GetAsync(path);
            var view = await answer.JsonAsync();
            Assert.Equal(
                ("key", key.Id, key.Key.PublicId, "mine", key.UserId),
                (Text("object"), Text("id"), Text("public_id"), Text("name"), Text("user_id"))
            );
            Assert.Equal(["gpt-4o"], view.GetProperty("models").EnumerateArray().Select(m => m.GetString()));
            var spend = view.GetProperty("spend");
            var today = now.Day == 1 ? 0.004021m : 0.004001m;
            Assert.Equal(
                (today, 0.004021m, 0.004321m),
                (spend.GetProperty("today").GetDecimal(), spend.GetProperty("month").GetDecimal(), spend.GetProperty("total").GetDecimal())
            );
            Assert.DoesNotContain(key.Text[^43..], await answer.Content.ReadAsStringAsync(), StringComparison.Ordinal);

            string? Text(string name) => view.GetProperty(name).GetString();
        }
    }

    [Fact]
    public async Task An_access_token_learns_what_was_spent_without_a_key()
    {
        await using var hub = await HubHost.StartAsync();
        var key = await hub.AddCallerAsync();
        await SpendAsync(hub, key.UserId, null, (DateTime.UtcNow, 5_000_000));
        await SpendAsync(hub, key.UserId, key.Id, (DateTime.UtcNow, 7_000_000));
        using var client = hub.NewClient(await SignInAsync(hub, key.UserId));
        var view = await (await client.GetAsync("/v1/key")).JsonAsync();
        Assert.Equal(System.Text.Json.JsonValueKind.Null, view.GetProperty("id").ValueKind);
        Assert.Equal(
            (0.005m, 0.005m),
            (view.GetProperty("spend").GetProperty("today").GetDecimal(), view.GetProperty("spend").GetProperty("total").GetDecimal())
        );
    }

    [Fact]
    public async Task A_call_shows_in_the_keys_spend()
    {
        await using var hub = await HubHost.StartAsync();
        await hub.RecordAsync(await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-usage-1000-500")));
        var spend = (await (await hub.Client.GetAsync("/v1/key")).JsonAsync()).GetProperty("spend");
        Assert.Equal((0.0075m, "USD"), (spend.GetProperty("total").GetDecimal(), spend.GetProperty("currency").GetString()));
    }

    private static async Task SpendAsync(HubHost hub, string userId, string? keyId, params (DateTime At, long NanoUsd)[] calls)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        var records = calls.Select(c => new UsageRecord
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            ApiKeyId = keyId,
            TierId = "t",
            ModelId = "m",
            ModelName = "m",
            CallType = "acompletion",
            Status = "completed",
            Outcome = "ok",
            HttpStatus = 200,
            ServiceTier = "default",
            UsageSource = "reported",
            TotalCostNanoUsd = c.NanoUsd,
            AdmittedAt = c.At,
            EndedAt = c.At,
        });
        await new UsageBatch(hub.Services.GetRequiredService<StoreProvider>()).WriteAsync(db, [.. records], CancellationToken.None);
    }

    private static async Task<string> SignInAsync(HubHost hub, string userId)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        var now = TimeProvider.System.UtcNow();
        var session = new Session
        {
            Id = Guid.CreateVersion7().ToString(),
            UserId = userId,
            CreatedAt = now,
            LastUsedAt = now,
            ExpiresAt = now.AddDays(1),
        };
        db.Sessions.Add(session);
        await db.SaveChangesAsync();
        return hub.Services.GetRequiredService<AccessTokens>().IssueAccess(await db.Users.SingleAsync(u => u.Id == userId), session.Id);
    }
}
