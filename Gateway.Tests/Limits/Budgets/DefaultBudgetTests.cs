using System.Net;
using Gateway.Core.Ledger;
using Gateway.Core.Quotas;
using Gateway.Core.Settings;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>The default monthly budget holds like any other, for every user for whom no admin made one.</summary>
public sealed class DefaultBudgetTests
{
    private const long Cost = (5 * 2_000) + (8 * 11_000);
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";

    private static readonly Dictionary<string, string> AsInstalled = new() { ["DEFAULT_MONTHLY_BUDGET"] = "" };

    [Theory, BothDatabases]
    public async Task It_is_held_and_refuses_like_any_and_survives_a_restart(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-default-");
        var settings = new Dictionary<string, string>(AsInstalled);
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        TestKey caller;
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            caller = await hub.AddCallerAsync();
            using var client = hub.NewClient(caller.Text);
            await PassAsync(client);
            Assert.Equal(
                new BudgetSeen("user", "monthly", 100_000_000_000, Cost, 0, 100_000_000_000 - Cost),
                (await client.LimitsAsync()).Budgets.Single()
            );
            await SetAsync(hub, "0.001");
            Assert.Equal((1_000_000L, Cost), Seen(await client.LimitsAsync())); // at the next call
            await PassAsync(client);
            var error = await LimitError.MoneyAsync(
                await client.ChatAsync(Hello.Replace("\"max_tokens\":8", "\"max_tokens\":50", StringComparison.Ordinal))
            );
            Assert.Equal(("user", 0.001m, "monthly", "not_enough_left"), (error.Scope, error.Limit, error.Window, error.Reason));
            Assert.Equal(
                new DateTime(DateTime.UtcNow.Year, DateTime.UtcNow.Month, 1, 0, 0, 0, DateTimeKind.Utc).AddMonths(1),
                error.ResetAt
            );
        }
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var client = hub.NewClient(caller.Text);
            Assert.Equal((1_000_000L, 2 * Cost), Seen(await client.LimitsAsync()));
            var report = await hub.Services.GetRequiredService<LedgerAudit>().CheckAsync(CancellationToken.None);
            Assert.Equal(0, report.DifferenceCount);
            await using var db = await hub.Databases.CreateDbContextAsync();
            Assert.Equal(0, await db.BudgetSpend.CountAsync()); // nothing of its own to go wrong
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task What_it_counts_is_what_ledger_check_compares_and_rebuild_sets_right()
    {
        var folder = Directory.CreateTempSubdirectory("hub-default-");
        TestKey caller;
        await using (var hub = await HubHost.StartAsync(settings: AsInstalled, folder: folder))
        {
            caller = await hub.AddCallerAsync();
            using var client = hub.NewClient(caller.Text);
            await hub.RecordAsync(await client.ChatAsync(Hello));
            await using var db = await hub.Databases.CreateDbContextAsync();
            await db.UsageTotals.ExecuteUpdateAsync(set => set.SetProperty(t => t.TotalCostNanoUsd, 7));
            var audit = hub.Services.GetRequiredService<LedgerAudit>();
            Assert.Contains(
                (await audit.CheckAsync(CancellationToken.None)).Differences,
                d => d is { Table: "usage_totals", Column: "total_cost_nano_usd", Stored: 7 }
            );
            await audit.RebuildAsync(CancellationToken.None);
        }
        await using (var hub = await HubHost.StartAsync(settings: AsInstalled, folder: folder))
        {
            using var client = hub.NewClient(caller.Text);
            Assert.Equal(Cost, (await client.LimitsAsync()).Budgets.Single().Used);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Many_calls_at_once_never_spend_more_than_it()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DEFAULT_MONTHLY_BUDGET"] = "0.002" });
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        var answers = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => client.ChatAsync(Hello)));
        Assert.All(answers, a => Assert.True(a.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests));
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.OK);
        Assert.Contains(answers, a => a.StatusCode == HttpStatusCode.TooManyRequests);
        Assert.InRange((await client.AtRestAsync()).Budgets.Single().Used, Cost, 2_000_000);
    }

    [Fact]
    public async Task An_admins_budget_stands_in_its_place_and_the_users_own_cap_stands_beside_it()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DEFAULT_MONTHLY_BUDGET"] = "0.0001" });
        var (caller, capped, watched) = (await hub.AddCallerAsync(), await hub.AddCallerAsync(), await hub.AddCallerAsync());
        using var client = hub.NewClient(caller.Text);
        using var cappedClient = hub.NewClient(capped.Text);
        using var watchedClient = hub.NewClient(watched.Text);
        await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        await hub.AddBudgetAsync(caller, 1_000_000_000, b => (b.UserId, b.BudgetDuration) = (caller.UserId, "weekly"));
        await PassAsync(client);
        Assert.Equal("weekly", (await client.LimitsAsync()).Budgets.Single().Window);

        await hub.AddBudgetAsync(capped, 1_000_000_000, b => (b.UserId, b.Source) = (capped.UserId, BudgetSources.User));
        await LimitError.MoneyAsync(await cappedClient.ChatAsync(Hello));
        await hub.AddBudgetAsync(watched, 1_000_000_000, b => (b.UserId, b.Mode) = (watched.UserId, "shadow"));
        await LimitError.MoneyAsync(await watchedClient.ChatAsync(Hello)); // one that only looks on changes nothing
        await hub.AddKeyBudgetAsync(watched, 1_000_000_000);
        await LimitError.MoneyAsync(await watchedClient.ChatAsync(Hello)); // nor does one of something else
    }

    [Fact]
    public async Task It_counts_from_the_months_start_whenever_it_comes_into_force()
    {
        await using var hub = await HubHost.StartAsync(settings: AsInstalled);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await SetAsync(hub, "");
        await PassAsync(client);
        Assert.Empty((await client.LimitsAsync()).Budgets); // no value, no budget
        await hub.DecideHereAsync(
            ChangedEntities.Setting,
            HubSettings.DefaultMonthlyBudget.Key,
            null,
            async db => db.Settings.Remove(await db.Settings.SingleAsync(s => s.Key == HubSettings.DefaultMonthlyBudget.Key))
        );
        await PassAsync(client);
        Assert.Empty((await client.LimitsAsync()).Budgets); // no row, no budget
        await hub.DecideHereAsync(
            ChangedEntities.Setting,
            HubSettings.DefaultMonthlyBudget.Key,
            null,
            db =>
            {
                db.Settings.Add(
                    new Setting
                    {
                        Id = Guid.CreateVersion7().ToString(),
                        Key = HubSettings.DefaultMonthlyBudget.Key,
                        Value = "5",
                        Description = "",
                        Type = "number",
                        Category = "billing",
                        CreatedAt = DateTime.UtcNow,
                        UpdatedAt = DateTime.UtcNow,
                    }
                );
                return Task.CompletedTask;
            }
        );
        Assert.Equal((5_000_000_000L, 2 * Cost), Seen(await client.LimitsAsync()));
    }

    [Fact]
    public async Task The_first_admin_is_not_bound_by_it_nor_by_what_a_budget_asks_for()
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["DEFAULT_MONTHLY_BUDGET"] = "0.0000001" }
        );
        Assert.Equal(HttpStatusCode.OK, (await hub.Client.ChatAsync(Hello)).StatusCode);
        Assert.Equal(
            HttpStatusCode.OK,
            (await hub.Client.ChatAsync(InferenceCalls.Chat("sandbox-unpriced", ",\"unheard_of\":1"))).StatusCode
        );
        Assert.Empty((await hub.Client.LimitsAsync()).Budgets);
        var support = await hub.AddCallerAsync(u => u.Role = Roles.Support);
        using var client = hub.NewClient(support.Text);
        await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        await hub.ChangeUserAsync(support.UserId, u => u.Role = Roles.Admin);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
    }

    [Fact]
    public async Task It_is_shown_at_users_me_budget()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["DEFAULT_MONTHLY_BUDGET"] = "2.5" });
        using var anonymous = hub.NewClient(null);
        var email = $"{Guid.NewGuid():N}@example.com";
        using var registered = await anonymous.PostAsJsonAsync(
            "/api/v1/auth/register",
            new
            {
                email,
                username = email.Replace("@example.com", "", StringComparison.Ordinal),
                password = "Correct-horse-7",
            }
        );
        var account = await registered.JsonAsync();
        using var client = hub.NewClient(account.GetProperty("token").GetString());
        var shown = await (await client.GetAsync("/api/v1/users/me/budget")).JsonAsync();
        Assert.Equal(
            (2.5m, true, true),
            (
                shown.GetProperty("monthly_limit").GetDecimal(),
                shown.GetProperty("is_default").GetBoolean(),
                shown.GetProperty("is_enforced").GetBoolean()
            )
        );
        Assert.Equal(2_500_000_000, (await client.LimitsAsync()).Budgets.Single().Limit);
    }

    private static (long Limit, long Used) Seen(LimitsSeen limits) => (limits.Budgets.Single().Limit, limits.Budgets.Single().Used);

    private static Task SetAsync(HubHost hub, string value) =>
        hub.DecideHereAsync(
            ChangedEntities.Setting,
            HubSettings.DefaultMonthlyBudget.Key,
            null,
            async db => (await db.Settings.SingleAsync(s => s.Key == HubSettings.DefaultMonthlyBudget.Key)).Value = value
        );

    private static async Task PassAsync(HttpClient client) => Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
}
