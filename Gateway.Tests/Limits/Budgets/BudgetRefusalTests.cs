using System.Net;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>Money as a client meets it: what a no says, whose budget it names, and what holds and charges do to the others.</summary>
public sealed class BudgetRefusalTests(SharedHub shared) : IClassFixture<SharedHub>
{
    /// <summary>Five prompt and eight answer tokens at 2e-6 and 1.1e-5 USD.</summary>
    private const long Cost = (5 * 2_000) + (8 * 11_000);

    private const long Enough = 1_000_000_000;
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";

    private HubHost Hub => shared.Hub;

    [Fact]
    public async Task A_call_that_may_cost_more_than_is_left_is_429_insufficient_quota()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 100_000, b => b.BudgetDuration = "daily");
        var error = await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        Assert.Equal(
            ("api_key", 0.0001m, "daily", 0.0001m, DateTime.UtcNow.Date.AddDays(1)),
            (error.Scope, error.Limit, error.Window, error.Remaining, error.ResetAt)
        );
        Assert.Equal(("larger_than_limit", 0m), (error.Reason, error.Held));
        Assert.Contains("more than the whole budget of this API key (0.0001 USD, daily)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_budget_for_ever_has_no_time_of_reset()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 100_000);
        var error = await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        Assert.Equal(("never", null), (error.Window, error.ResetAt));
    }

    [Theory, InlineData("api_key"), InlineData("user"), InlineData("team"), InlineData("tier")]
    public async Task The_scope_that_is_short_is_named_with_its_own_figures_while_the_others_are_near_their_end(string shortOne)
    {
        var (caller, client) = await CallerAsync();
        var team = await Hub.AddTeamAsync(caller);
        var tier = await Hub.AddTierAsync(caller);
        var hold = await HoldAsync();
        await Hub.AddBudgetAsync(caller, Cap("api_key"), b => b.ApiKeyId = caller.Id);
        await Hub.AddBudgetAsync(caller, Cap("user"), b => b.UserId = caller.UserId);
        await Hub.AddBudgetAsync(caller, Cap("team"), b => b.TeamId = team);
        await Hub.AddBudgetAsync(caller, Cap("tier"), b => (b.TierId, b.ModelId) = (tier, Hub.ModelId("sandbox-chat")));
        await PassAsync(client);
        var error = await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        Assert.Equal((shortOne, Usd(Cap(shortOne)), Usd(Cap(shortOne) - Cost)), (error.Scope, error.Limit, error.Remaining));
        var seen = await client.AtRestAsync();
        Assert.Equal(4, seen.Budgets.Count);
        Assert.All(seen.Budgets, b => Assert.Equal((Cost, 0L), (b.Used, b.Held))); // held in all or in none

        long Cap(string scope) => scope == shortOne ? hold + Cost - 1 : hold + Cost;
    }

    [Fact]
    public async Task When_several_are_short_the_first_is_named_with_what_it_has_left_itself()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddBudgetAsync(caller, 30_000, b => b.UserId = caller.UserId);
        await Hub.AddBudgetAsync(caller, 90_000, b => b.ApiKeyId = caller.Id);
        var error = await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        Assert.Equal(("api_key", 0.00009m, 0.00009m), (error.Scope, error.Limit, error.Remaining));
    }

    [Fact]
    public async Task The_shortest_of_several_windows_of_one_scope_is_named()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, Enough, b => b.BudgetDuration = "monthly");
        await Hub.AddKeyBudgetAsync(caller, 50_000, b => b.BudgetDuration = "30d");
        await Hub.AddKeyBudgetAsync(caller, Enough, b => b.BudgetDuration = "daily");
        Assert.Equal("30d", (await LimitError.MoneyAsync(await client.ChatAsync(Hello))).Window);
    }

    [Theory, BothDatabases]
    public async Task A_call_is_charged_exactly_in_every_budget_and_in_the_database(TestDatabase database)
    {
        await using var hub = await HubHost.StartAsync(database);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        var key = await hub.AddKeyBudgetAsync(caller, Enough, b => b.BudgetDuration = "daily");
        var user = await hub.AddBudgetAsync(caller, Enough, b => b.UserId = caller.UserId);
        for (var calls = 1; calls <= 3; calls++)
        {
            var answer = await client.ChatAsync(Hello);
            Assert.Equal("0.000098", answer.Header("x-oneui-cost-usd"));
            var seen = await client.LimitsAsync(); // at once: settled before the answer's last bytes
            Assert.All(seen.Budgets, b => Assert.Equal((calls * Cost, 0L, Enough - (calls * Cost)), (b.Used, b.Held, b.Remaining)));
            var record = await hub.RecordAsync(answer);
            Assert.Equal(Cost, record.TotalCostNanoUsd);
            Assert.True(record.HeldNanoUsd >= Cost);
        }
        await using var db = await hub.Databases.CreateDbContextAsync();
        Assert.Equal(3 * Cost, db.BudgetSpend.Single(s => s.BudgetId == key.Id).SpentNanoUsd);
        Assert.Equal(3 * Cost, db.BudgetSpend.Single(s => s.BudgetId == user.Id).SpentNanoUsd);
    }

    [Fact]
    public async Task Money_held_by_a_call_in_flight_is_not_there_for_the_next()
    {
        var (caller, client) = await CallerAsync();
        var hold = await HoldAsync();
        await Hub.AddKeyBudgetAsync(caller, (2 * hold) - 1);
        using var leave = new CancellationTokenSource();
        var hanging = client.OpenStreamAsync(
            Hello.Replace("{\"model\":\"sandbox-chat\"", "{\"stream\":true,\"model\":\"sandbox-hang\"", StringComparison.Ordinal),
            leave.Token
        );
        await Eventually.TrueAsync(async () => (await client.LimitsAsync()).Budgets[0].Held > 0, "the first call holds");
        await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
        await client.AtRestAsync();
        await PassAsync(client);
    }

    [Fact]
    public async Task A_price_that_is_not_known_is_refused_on_a_budget_and_passes_without()
    {
        var (caller, client) = await CallerAsync();
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(InferenceCalls.Chat("sandbox-unpriced"))).StatusCode);
        await Hub.AddKeyBudgetAsync(caller, Enough);
        await (await client.ChatAsync(InferenceCalls.Chat("sandbox-unpriced"))).AssertRefusedAsync(
            400,
            "invalid_request_error",
            "price_unknown",
            "model"
        );
        Assert.True((await client.AtRestAsync()).Budgets[0].Used == 0);
    }

    [Fact]
    public async Task A_model_marked_free_skips_money()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1);
        await LimitError.MoneyAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-comments", ",\"max_tokens\":5")));
        var id = Hub.ModelId("sandbox-comments");
        await Hub.DecideHereAsync(
            ChangedEntities.Model,
            id,
            null,
            db => db.ModelConfigs.Where(c => c.ModelId == id).ExecuteUpdateAsync(s => s.SetProperty(c => c.IsFree, true))
        );
        var answer = await client.ChatAsync(InferenceCalls.Chat("sandbox-comments"));
        Assert.Equal((HttpStatusCode.OK, "0"), (answer.StatusCode, answer.Header("x-oneui-cost-usd")));
        var record = await Hub.RecordAsync(answer);
        Assert.Equal((0L, 0L), (record.HeldNanoUsd, record.TotalCostNanoUsd));
        Assert.DoesNotContain("max_tokens", Hub.Sandbox!.Ledger.Find(record.Id)!.Received!.Body, StringComparison.Ordinal);
    }

    private async Task<(TestKey Caller, HttpClient Client)> CallerAsync()
    {
        var caller = await Hub.AddCallerAsync();
        return (caller, Hub.NewClient(caller.Text));
    }

    // What this call holds, seen on a budget that is large enough.
    private async Task<long> HoldAsync()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, Enough);
        return (await Hub.RecordAsync(await client.ChatAsync(Hello))).HeldNanoUsd;
    }

    private static async Task PassAsync(HttpClient client) => Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);

    private static decimal Usd(long nanoUsd) => nanoUsd / 1_000_000_000m;
}
