using System.Net;
using System.Text.Json;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>50, 80, 95 and 100 % of a budget: an event each, once per window, restarts or not.</summary>
public sealed class ThresholdEventTests
{
    private const long Cost = 7_500_000; // of sandbox-usage-1000-500, whatever was asked
    private static readonly string Call = InferenceCalls.Chat("sandbox-usage-1000-500", ",\"max_tokens\":5");

    [Theory, BothDatabases]
    public async Task Each_threshold_is_told_once_per_window_also_after_a_restart(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-thresholds-");
        var time = new ManualTimeProvider();
        var settings = new Dictionary<string, string>();
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        TestKey caller;
        await using (var hub = await HubHost.StartAsync(database, settings, time, folder: folder))
        {
            caller = await hub.AddCallerAsync();
            await hub.AddKeyBudgetAsync(caller, 20 * Cost, b => (b.BudgetDuration, b.Mode) = ("daily", "shadow"));
            await CallAsync(hub, caller, 9);
            Assert.Empty(await EventsAsync(hub));
            await CallAsync(hub, caller, 8);
            await EventuallyAsync(hub, ["budget.threshold:50:0.075", "budget.threshold:80:0.12"]);
        }
        await using (var hub = await HubHost.StartAsync(database, settings, time, folder: folder))
        {
            await CallAsync(hub, caller, 3);
            await EventuallyAsync(
                hub,
                ["budget.threshold:50:0.075", "budget.threshold:80:0.12", "budget.threshold:95:0.1425", "budget.exhausted:100:0.15"]
            );
            time.ShiftUtc(TimeSpan.FromDays(1));
            await CallAsync(hub, caller, 10);
            await Eventually.TrueAsync(async () => (await EventsAsync(hub)).Count == 5, "the next day has its own");
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task An_event_names_the_budget_its_scope_and_its_figures()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        var budget = await hub.AddBudgetAsync(
            caller,
            2 * Cost,
            b => (b.UserId, b.BudgetDuration, b.Mode) = (caller.UserId, "monthly", "shadow")
        );
        await CallAsync(hub, caller, 1);
        await Eventually.TrueAsync(async () => (await EventsAsync(hub)).Count == 1, "the event is there");
        await using var db = await hub.Databases.CreateDbContextAsync();
        var row = await db.Events.SingleAsync();
        Assert.Equal(("user", caller.UserId), (row.Scope, row.ScopeId));
        var data = JsonDocument.Parse(row.Data).RootElement;
        Assert.Equal(
            (budget.Id, 50, 0.015m, 0.0075m, "shadow"),
            (
                data.GetProperty("budget_id").GetString(),
                data.GetProperty("percent").GetInt32(),
                data.GetProperty("max_budget").GetDecimal(),
                data.GetProperty("spent_budget").GetDecimal(),
                data.GetProperty("mode").GetString()
            )
        );
        var now = DateTime.UtcNow;
        Assert.Equal(new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc), data.GetProperty("window_start").GetDateTime());
    }

    [Fact]
    public async Task A_call_that_passes_several_at_once_tells_the_highest()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        await hub.AddKeyBudgetAsync(caller, Cost, b => b.Mode = "shadow");
        await CallAsync(hub, caller, 1);
        await EventuallyAsync(hub, ["budget.exhausted:100:0.0075"]);
    }

    private static async Task CallAsync(HubHost hub, TestKey caller, int times)
    {
        using var client = hub.NewClient(caller.Text);
        for (var i = 0; i < times; i++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Call)).StatusCode);
        }
    }

    private static Task EventuallyAsync(HubHost hub, string[] events) =>
        Eventually.TrueAsync(async () => (await EventsAsync(hub)).Order().SequenceEqual(events.Order()), string.Join(", ", events));

    private static async Task<List<string>> EventsAsync(HubHost hub)
    {
        await using var db = await hub.Databases.CreateDbContextAsync();
        var rows = await db.Events.AsNoTracking().ToListAsync();
        return
        [
            .. rows.Select(r =>
            {
                var data = JsonDocument.Parse(r.Data).RootElement;
                return $"{r.Type}:{data.GetProperty("percent").GetInt32()}:{data.GetProperty("spent_budget").GetDecimal():0.####}";
            }),
        ];
    }
}
