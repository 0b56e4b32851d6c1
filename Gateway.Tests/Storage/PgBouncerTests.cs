using System.Diagnostics;
using System.Net;
using Gateway.Core.Keys;
using Gateway.Core.Ledger;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Hosting;
using Gateway.Tests.Admin.Support;
using Gateway.Tests.Chats;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Logging;

namespace Gateway.Tests.Storage;

/// <summary>
/// A gateway behind PgBouncer in transaction mode, with fewer sessions at the server than it uses: nothing that it does needs a session of
/// its own but the one that listens.
/// </summary>
public sealed class PgBouncerTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    [Fact]
    public async Task A_gateway_starts_on_an_empty_database_serves_and_counts_right()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(url);
        await using var hub = await HubHost.StartAsync(settings: Settings(bouncer.UrlOf(url), url));
        var listener = hub.Services.GetRequiredService<ChangeListenerService>();
        await Eventually.TrueAsync(() => Task.FromResult(listener.Listens), "it listens");
        var callers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => hub.AddCallerAsync()));
        foreach (var caller in callers)
        {
            await hub.AddKeyBudgetAsync(caller, 1_000_000_000);
            await hub.AddKeyRateLimitAsync(caller, l => l.RequestsPerMinute = 1_000);
        }
        await Task.WhenAll(
            callers.Select(async caller =>
            {
                using var client = hub.NewClient(caller.Text);
                for (var i = 0; i < 10; i++)
                {
                    using var answer = await client.ChatAsync(
                        i % 2 == 0 ? InferenceCalls.Chat("sandbox-chat") : InferenceCalls.Stream("sandbox-chat")
                    );
                    Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
                    await answer.Content.ReadAsStringAsync();
                }
            })
        );
        var person = await AdminHub.SignInAsync(hub, hub.AdminEmail, hub.AdminPassword);
        var chat = await person.Client.NewChatAsync("sandbox-chat");
        (await person.Client.MessageAsync(chat, new { content = "Hi" })).Is(200);
        foreach (var path in (string[])["/admin/users", "/requests", "/admin/usage?group_by=model", "/admin/audit-logs"])
        {
            (await person.Client.SendAsync("GET", path)).Is(200);
        }
        await Eventually.TrueAsync(
            async () =>
            {
                await using var db = await hub.Databases.CreateDbContextAsync();
                return await db.LedgerEntries.CountAsync() == 101;
            },
            "all calls are in the ledger"
        );
        (await person.Client.SendAsync("GET", "/admin/ledger/check")).Is(200);
        var report = await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(default);
        Assert.Empty(report.Differences);
    }

    [Fact]
    public async Task A_change_spreads_within_a_second_with_a_session_that_listens_past_the_pooler_and_without()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var office = await HubHost.StartAsync(settings: With(Settings(url, url), ("HUB_ROLE", "admin")));
        // A pooler for each node of traffic: its sessions keep the lock of the node before
        await using (var bouncer = await PgBouncer.StartAsync(url))
        await using (var traffic = await HubHost.StartAsync(settings: With(Settings(bouncer.UrlOf(url), url), ("HUB_ROLE", "gateway"))))
        {
            var listener = traffic.Services.GetRequiredService<ChangeListenerService>();
            await Eventually.TrueAsync(() => Task.FromResult(listener.Listens), "it listens");
            await AssertSpreadsAsync(office, traffic);
        }
        var log = new LogCapture();
        await using var other = await PgBouncer.StartAsync(url);
        await using var deaf = await HubHost.StartAsync(
            settings: With(Settings(other.UrlOf(url), url), ("HUB_ROLE", "gateway"), ("DATABASE_LISTEN_URL", "")),
            configure: builder => builder.Logging.AddProvider(log)
        );
        await AssertSpreadsAsync(office, deaf);
        await Eventually.TrueAsync(
            () => Task.FromResult(log.Entries.Any(e => e.Text.Contains("Set DATABASE_LISTEN_URL", StringComparison.Ordinal))),
            "the log says what to set"
        );
        Assert.False(deaf.Services.GetRequiredService<ChangeListenerService>().Listens);
    }

    [Fact]
    public async Task A_pooler_that_does_not_know_the_start_of_our_sessions_is_told_of_in_a_sentence()
    {
        var url = await PostgresServer.CreateDatabaseAsync();
        await using var bouncer = await PgBouncer.StartAsync(url, more: "");
        var fault = await Assert.ThrowsAsync<StartFailedException>(() => HubHost.StartAsync(settings: Settings(bouncer.UrlOf(url), url)));
        Assert.Contains("ignore_startup_parameters = options", fault.Message, StringComparison.Ordinal);
    }

    private static async Task AssertSpreadsAsync(HubHost office, HubHost traffic)
    {
        var caller = await office.AddCallerAsync();
        using var client = traffic.NewClient(caller.Text);
        using var first = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        await office.ChangeKeyAsync(caller, k => k.IsActive = false);
        for (var clock = Stopwatch.StartNew(); ; )
        {
            using var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-chat"));
            if (answer.StatusCode == HttpStatusCode.Unauthorized)
            {
                return;
            }
            Assert.True(clock.Elapsed < Second, "The key still works.");
        }
    }

    private static Dictionary<string, string> Settings(string url, string direct) =>
        new()
        {
            ["DATABASE_URL"] = url,
            ["DATABASE_LISTEN_URL"] = direct.Split('?')[0],
            ["JWT_SECRET"] = Base62.Random(48),
        };

    private static Dictionary<string, string> With(Dictionary<string, string> settings, params (string Name, string Value)[] more)
    {
        var all = new Dictionary<string, string>(settings);
        foreach (var (name, value) in more)
        {
            all[name] = value;
        }
        return all;
    }
}
