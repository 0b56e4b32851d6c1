using System.Net;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>
/// Calls that are paid from a balance: nothing passes without money, a deposit counts at the next call, and no nano-dollar is lost.
/// </summary>
public sealed class PrepaidBalanceTests
{
    private const long Cost = (5 * 2_000) + (8 * 11_000);
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";
    private static readonly Dictionary<string, string> Prepaid = new() { ["BILLING_MODE"] = "prepaid" };

    [Theory, BothDatabases]
    public async Task Without_money_a_call_is_refused_and_a_deposit_counts_at_the_next_call(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database, Prepaid);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        var error = await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        Assert.Equal(("balance", 0m, "balance", 0m, null), (error.Scope, error.Limit, error.Window, error.Remaining, error.ResetAt));
        Assert.Equal(new BalanceSeen(0, 0), (await client.LimitsAsync()).Balance);

        await hub.DepositAsync(caller, 10_000_000);
        for (var calls = 1; calls <= 3; calls++)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
            Assert.Equal(new BalanceSeen(10_000_000 - (calls * Cost), 0), (await client.LimitsAsync()).Balance);
        }
        await hub.DepositAsync(caller, 5_000_000); // while charges are on their way to the database
        Assert.Equal(new BalanceSeen(15_000_000 - (3 * Cost), 0), (await client.LimitsAsync()).Balance);
        await StoredAsync(hub, caller, 15_000_000 - (3 * Cost));
        Assert.Equal(new BalanceSeen(15_000_000 - (3 * Cost), 0), (await client.LimitsAsync()).Balance);
    }

    [Theory, BothDatabases]
    public async Task Many_at_once_never_spend_more_than_the_balance_while_deposits_come_in(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database, Prepaid);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.DepositAsync(caller, 1_000_000);
        var deposits = Task.Run(async () =>
        {
            for (var i = 0; i < 5; i++)
            {
                await hub.DepositAsync(caller, 200_000);
            }
        });
        var answers = await Task.WhenAll(
            Enumerable
                .Range(0, 8)
                .Select(_ =>
                    Task.Run(async () =>
                    {
                        var passed = 0;
                        for (var i = 0; i < 10; i++)
                        {
                            var answer = await client.ChatAsync(Hello);
                            Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.TooManyRequests);
                            passed += answer.IsSuccessStatusCode ? 1 : 0;
                        }
                        return passed;
                    })
                )
        );
        await deposits;
        var left = 2_000_000 - (answers.Sum() * Cost);
        Assert.True(left >= 0);
        Assert.Equal(new BalanceSeen(left, 0), (await client.AtRestAsync()).Balance);
        await StoredAsync(hub, caller, left);
    }

    [Theory, BothDatabases]
    public async Task The_balance_is_the_same_after_a_restart(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-balance-");
        var settings = new Dictionary<string, string>(Prepaid);
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        TestKey caller;
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            caller = await hub.AddCallerAsync();
            await hub.DepositAsync(caller, 1_000_000);
            using var client = hub.NewClient(caller.Text);
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        }
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var client = hub.NewClient(caller.Text);
            Assert.Equal(new BalanceSeen(1_000_000 - Cost, 0), (await client.LimitsAsync()).Balance);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_user_or_tier_that_pays_beforehand_does_so_whatever_the_process_says()
    {
        await using var hub = await HubHost.StartAsync();
        var user = await hub.AddCallerAsync(u => u.BillingMode = "prepaid");
        using var userClient = hub.NewClient(user.Text);
        Assert.Equal("balance", (await LimitError.MoneyAsync(await userClient.ChatAsync(Hello))).Scope);
        var member = await hub.AddCallerAsync();
        using var memberClient = hub.NewClient(member.Text);
        Assert.Equal(HttpStatusCode.OK, (await memberClient.ChatAsync(Hello)).StatusCode);
        await hub.AddTierAsync(member, t => t.BillingMode = "prepaid");
        Assert.Equal("balance", (await LimitError.MoneyAsync(await memberClient.ChatAsync(Hello))).Scope);
    }

    [Fact]
    public async Task A_budget_and_a_balance_are_held_together_or_not_at_all()
    {
        await using var hub = await HubHost.StartAsync(settings: Prepaid);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.DepositAsync(caller, 10_000_000);
        await hub.AddKeyBudgetAsync(caller, 1_000);
        Assert.Equal("api_key", (await LimitError.MoneyAsync(await client.ChatAsync(Hello))).Scope);
        var seen = await client.LimitsAsync();
        Assert.Equal((new BalanceSeen(10_000_000, 0), 0L), (seen.Balance, seen.Budgets.Single().Held));
    }

    private static Task StoredAsync(HubHost hub, TestKey caller, long nanoUsd) =>
        Eventually.TrueAsync(
            async () =>
            {
                await using var db = await hub.Databases.CreateDbContextAsync();
                return (await db.UserAccounts.AsNoTracking().SingleAsync(a => a.UserId == caller.UserId)).BalanceNanoUsd == nanoUsd;
            },
            "the database has the same balance"
        );
}
