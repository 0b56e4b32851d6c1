using System.Globalization;
using System.Net;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>What a client reads when money does not cover its call: which case it is, and what to change.</summary>
public sealed class MoneyRefusalTests(SharedHub shared) : IClassFixture<SharedHub>
{
    private const long Cost = (5 * 2_000) + (8 * 11_000);
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";

    private HubHost Hub => shared.Hub;

    [Fact]
    public async Task A_call_that_may_cost_more_than_the_whole_budget_is_told_so_though_nothing_was_spent()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1_000_000, b => b.BudgetDuration = "daily");
        var error = await LimitError.MoneyAsync(
            await client.ChatAsync(Hello.Replace("\"max_tokens\":8", "\"max_tokens\":5000", StringComparison.Ordinal))
        );
        Assert.Equal(("larger_than_limit", 0.001m, 0.001m, 0m), (error.Reason, error.Limit, error.Remaining, error.Held));
        Assert.True(error.Needed > 0.05m);
        Assert.DoesNotContain("exceeded", error.Message, StringComparison.Ordinal);
        Assert.Contains($"Set 'max_tokens' to at most {error.MaxTokens}, or use a smaller model.", error.Message, StringComparison.Ordinal);
        // What it says is true.
        var longest = error.MaxTokens!.Value;
        Assert.Equal("larger_than_limit", (await LimitError.MoneyAsync(await client.ChatAsync(WithMaximum(longest + 1)))).Reason);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(WithMaximum(longest))).StatusCode);
    }

    [Fact]
    public async Task A_call_that_may_cost_more_than_is_left_is_told_how_much_that_is()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1_000_000);
        await PassAsync(client);
        var error = await LimitError.MoneyAsync(await client.ChatAsync(WithMaximum(50)));
        Assert.Equal(("not_enough_left", (1_000_000 - Cost) / 1e9m), (error.Reason, error.Remaining));
        Assert.InRange(error.Needed, error.Remaining, error.Limit);
        Assert.Contains(
            $"{error.Remaining.ToString(CultureInfo.InvariantCulture)} USD of the budget of this API key (0.001 USD, never) are left",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(WithMaximum(error.MaxTokens!.Value))).StatusCode);
    }

    [Theory, InlineData(",\"max_tokens\":1"), InlineData("")] // also where the gateway would choose the maximum
    public async Task A_budget_that_is_used_up_says_when_it_resets(string more)
    {
        const int Calls = 6;
        var (caller, client) = await CallerAsync();
        var budget = await Hub.AddKeyBudgetAsync(caller, 1_000_000_000, b => b.BudgetDuration = "daily");
        for (var calls = 0; calls < Calls; calls++)
        {
            await PassAsync(client);
        }
        await Hub.ChangeBudgetAsync(caller, budget, b => b.MaxBudgetNanoUsd = Calls * Cost);
        var error = await LimitError.MoneyAsync(await client.ChatAsync(InferenceCalls.Chat("sandbox-chat", more)));
        Assert.Equal(("used_up", 0m, null), (error.Reason, error.Remaining, error.MaxTokens));
        Assert.Contains(
            $"is used up. It resets at {DateTime.UtcNow.Date.AddDays(1):yyyy-MM-dd}T00:00:00Z",
            error.Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Money_that_calls_in_flight_hold_is_told_apart_from_what_was_spent()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1_000_000);
        using var leave = new CancellationTokenSource();
        var hanging = client.OpenStreamAsync(InferenceCalls.Stream("sandbox-hang", ",\"max_tokens\":40"), leave.Token);
        await Eventually.TrueAsync(async () => (await client.LimitsAsync()).Budgets[0].Held > 0, "the first call holds");
        var error = await LimitError.MoneyAsync(await client.ChatAsync(WithMaximum(40)));
        Assert.Equal("not_enough_left", error.Reason);
        Assert.Equal(error.Limit - error.Remaining, error.Held);
        Assert.Contains("are held by calls in flight", error.Message, StringComparison.Ordinal);
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    [Fact]
    public async Task A_prompt_that_no_maximum_makes_cheap_enough_asks_for_a_shorter_one()
    {
        var (caller, client) = await CallerAsync();
        await Hub.AddKeyBudgetAsync(caller, 1_000_000);
        var error = await LimitError.MoneyAsync(
            await client.ChatAsync(
                InferenceCalls.Chat("sandbox-chat").Replace("\"Hi\"", $"\"{new string('a', 2_000)}\"", StringComparison.Ordinal)
            )
        );
        Assert.Equal(("larger_than_limit", null), (error.Reason, error.MaxTokens));
        Assert.Contains("Send a shorter prompt, or use a smaller model.", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_balance_has_the_same_three_cases()
    {
        await using var hub = await HubHost.StartAsync(settings: new Dictionary<string, string> { ["BILLING_MODE"] = "prepaid" });
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        var none = await LimitError.MoneyAsync(await client.ChatAsync(Hello));
        Assert.Equal(("used_up", "The balance is used up. Add money to it."), (none.Reason, none.Message));
        await hub.DepositAsync(caller, 1_000_000);
        var larger = await LimitError.MoneyAsync(await client.ChatAsync(WithMaximum(5_000)));
        Assert.Equal(("larger_than_limit", 0.001m), (larger.Reason, larger.Limit));
        Assert.Contains("more than the whole balance (0.001 USD)", larger.Message, StringComparison.Ordinal);
        using var leave = new CancellationTokenSource();
        var hanging = client.OpenStreamAsync(InferenceCalls.Stream("sandbox-hang", ",\"max_tokens\":40"), leave.Token);
        await Eventually.TrueAsync(async () => (await client.LimitsAsync()).Balance!.Held > 0, "the first call holds");
        var shortOf = await LimitError.MoneyAsync(await client.ChatAsync(WithMaximum(40)));
        Assert.Equal(("not_enough_left", "balance"), (shortOf.Reason, shortOf.Scope));
        await leave.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => hanging);
    }

    private static string WithMaximum(long maximum) =>
        Hello.Replace("\"max_tokens\":8", $"\"max_tokens\":{maximum}", StringComparison.Ordinal);

    private async Task<(TestKey Caller, HttpClient Client)> CallerAsync()
    {
        var caller = await Hub.AddCallerAsync();
        return (caller, Hub.NewClient(caller.Text));
    }

    private static async Task PassAsync(HttpClient client) => Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
}
