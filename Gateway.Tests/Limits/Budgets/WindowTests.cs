using System.Net;
using Gateway.Callers;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Limits.Budgets;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>Windows end by the clock alone, outlive the process, and keep their counts when a cap is changed.</summary>
public sealed class WindowTests
{
    private const long Cost = (5 * 2_000) + (8 * 11_000);
    private const long Enough = 1_000_000_000;
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";

    [Theory, BothDatabases]
    public async Task Calendar_windows_begin_anew_by_the_clock(TestDatabase database)
    {
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 3, 10, 23, 59, 50, TimeSpan.Zero)); // a Tuesday
        await using var hub = await HubHost.StartAsync(database, time: time);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        string?[] periods = ["daily", "weekly", "monthly", "yearly", "30d", null];
        foreach (var period in periods)
        {
            await hub.AddKeyBudgetAsync(caller, Enough, b => b.BudgetDuration = period);
        }
        await hub.AddKeyRateLimitAsync(caller, l => l.RequestsPerDay = 10);
        await AssertAsync(daily: 1, weekly: 1, monthly: 1, yearly: 1, thirty: 1, ever: 1, requests: 1);
        await AtAsync(2026, 3, 11);
        await AssertAsync(daily: 1, weekly: 2, monthly: 2, yearly: 2, thirty: 2, ever: 2, requests: 1);
        await AtAsync(2026, 3, 16); // Monday
        await AssertAsync(daily: 1, weekly: 1, monthly: 3, yearly: 3, thirty: 3, ever: 3, requests: 1);
        await AtAsync(2026, 4, 1);
        await AssertAsync(daily: 1, weekly: 1, monthly: 1, yearly: 4, thirty: 4, ever: 4, requests: 1);
        await AtAsync(2026, 4, 10);
        await AssertAsync(daily: 1, weekly: 1, monthly: 2, yearly: 5, thirty: 1, ever: 5, requests: 1);
        await AtAsync(2027, 1, 1);
        await AssertAsync(daily: 1, weekly: 1, monthly: 1, yearly: 1, thirty: 1, ever: 6, requests: 1);

        Task AtAsync(int year, int month, int day)
        {
            time.SetUtcNow(new DateTimeOffset(year, month, day, 23, 59, 55, TimeSpan.Zero));
            return Task.CompletedTask;
        }

        async Task AssertAsync(long daily, long weekly, long monthly, long yearly, long thirty, long ever, long requests)
        {
            Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
            var seen = await client.LimitsAsync();
            var calls = seen.Budgets.ToDictionary(b => b.Window, b => b.Used / Cost);
            Assert.Equal([daily, weekly, monthly, yearly, thirty, ever], periods.Select(p => calls[p ?? "never"]));
            Assert.Equal(requests, seen.Rates.Single().Used);
        }
    }

    [Theory, BothDatabases]
    public async Task A_restart_is_no_way_around_a_limit(TestDatabase database)
    {
        var folder = Directory.CreateTempSubdirectory("hub-restart-");
        var settings = new Dictionary<string, string>();
        if (await TestDatabases.CreateAsync(database) is { } url)
        {
            settings["DATABASE_URL"] = url;
        }
        TestKey caller;
        LimitsSeen before;
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            caller = await hub.AddCallerAsync();
            var tier = await hub.AddTierAsync(caller);
            await hub.AddRateLimitAsync(
                caller,
                l =>
                    (l.ApiKeyId, l.RequestsPerDay, l.RequestsPerMinute, l.TokensPerDay, l.TokensPerMinute) = (
                        caller.Id,
                        3,
                        3,
                        90_000,
                        90_000
                    )
            );
            await hub.AddRateLimitAsync(caller, l => (l.TierId, l.ModelId, l.RequestsPerDay) = (tier, hub.ModelId("sandbox-chat"), 30));
            await hub.AddBudgetAsync(caller, Enough, b => (b.UserId, b.BudgetDuration) = (caller.UserId, "daily"));
            await hub.AddBudgetAsync(caller, Enough, b => (b.TierId, b.ModelId) = (tier, hub.ModelId("sandbox-chat")));
            using var client = hub.NewClient(caller.Text);
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
            }
            before = await client.AtRestAsync();
        }
        await using (var hub = await HubHost.StartAsync(database, settings, folder: folder))
        {
            using var client = hub.NewClient(caller.Text);
            var after = await client.LimitsAsync();
            Assert.Equal(before.Rates, after.Rates);
            Assert.Equal(before.Budgets, after.Budgets);
            Assert.Equal("api_key", (await LimitError.RateAsync(await client.ChatAsync(Hello), "requests")).Scope);
        }
        folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_changed_cap_acts_at_the_next_call_and_keeps_what_was_spent()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        var budget = await hub.AddKeyBudgetAsync(caller, Enough);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        await hub.ChangeBudgetAsync(caller, budget, b => b.MaxBudgetNanoUsd = Cost + 1);
        Assert.Equal(0.000000001m, (await LimitError.MoneyAsync(await client.ChatAsync(Hello))).Remaining);
        await hub.ChangeBudgetAsync(caller, budget, b => b.MaxBudgetNanoUsd = Cost / 2); // below what is spent
        Assert.Equal(0m, (await LimitError.MoneyAsync(await client.ChatAsync(Hello))).Remaining);
        await hub.ChangeBudgetAsync(caller, budget, b => b.MaxBudgetNanoUsd = Enough);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        Assert.Equal(2 * Cost, (await client.AtRestAsync()).Budgets.Single().Used);
    }

    [Theory, BothDatabases]
    public async Task A_changed_period_counts_the_calls_of_its_new_window_and_back_again(TestDatabase database)
    {
        // The first days of a day and of a month are one
        var time = new ManualTimeProvider(new DateTimeOffset(2026, 3, 1, 12, 0, 0, TimeSpan.Zero));
        await using var hub = await HubHost.StartAsync(database, time: time);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        var budget = await hub.AddKeyBudgetAsync(caller, Enough, b => b.BudgetDuration = "daily");
        await CallAsync("daily", 1);
        time.SetUtcNow(new DateTimeOffset(2026, 3, 2, 12, 0, 0, TimeSpan.Zero));
        time.Advance(TimeSpan.FromMinutes(2));
        await CallAsync("daily", 1);
        await CallAsync("daily", 2);
        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(16));
                return Task.FromResult(hub.Services.GetRequiredService<BudgetBook>().Count == 0);
            },
            "the account is forgotten"
        );
        await hub.ChangeBudgetAsync(caller, budget, b => b.BudgetDuration = "monthly");
        await CallAsync("monthly", 4);
        time.Advance(TimeSpan.FromSeconds(1));
        await hub.ChangeBudgetAsync(caller, budget, b => b.BudgetDuration = "daily");
        await CallAsync("daily", 4); // three of the day, and that under the month's window

        async Task CallAsync(string window, long calls)
        {
            await hub.RecordAsync(await client.ChatAsync(Hello));
            var seen = (await client.AtRestAsync()).Budgets.Single();
            Assert.Equal((window, calls), (seen.Window, seen.Used / Cost));
        }
    }

    [Fact]
    public async Task A_budget_counts_the_calls_since_it_was_made()
    {
        await using var hub = await HubHost.StartAsync();
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.RecordAsync(await client.ChatAsync(Hello));
        await hub.AddKeyBudgetAsync(caller, Enough, b => b.BudgetDuration = "monthly");
        await hub.RecordAsync(await client.ChatAsync(Hello));
        Assert.Equal(Cost, (await client.AtRestAsync()).Budgets.Single().Used);
    }

    [Fact]
    public async Task A_window_that_a_call_has_asked_for_stays_while_the_next_one_begins()
    {
        var time = new ManualTimeProvider();
        var book = new BudgetBook(new NothingSpent(time), time);
        Assert.True(BudgetPeriod.TryParse("daily", null, time.GetUtcNow().UtcDateTime, out var daily));
        var budget = new Budget("b", QuotaScope.User, "u", null, Money.FromNanoUsd(Enough), daily, DateTime.UnixEpoch, QuotaMode.Enforce);
        var today = time.GetUtcNow().UtcDateTime;
        var asked = await book.LineAsync(budget, "u", today);
        await book.LineAsync(budget, "u", today.AddDays(1)); // another call, after midnight
        Assert.True(MoneyHold.TryTake([asked], Money.FromNanoUsd(10), out var hold, out _));
        hold!.Settle(Money.FromNanoUsd(7));
        new ThresholdWatch(time).Look(hold);
        Assert.Equal(Money.FromNanoUsd(7), asked.Account.Read(asked).Spent);
        time.Advance(TimeSpan.FromMinutes(2));
        book.Sweep();
        Assert.Equal(0, book.Count);
    }

    private sealed class NothingSpent(TimeProvider time) : ISpendHistory
    {
        public long WrittenThrough => time.GetTimestamp();

        public Task<StoredSpend> ReadSpendAsync(Budget budget, string subjectId, DateTime windowStart) =>
            Task.FromResult(default(StoredSpend));

        public Task ReadBalanceAsync(string userId, Action<long> load) => throw new CallerStoreUnavailableException(new TimeoutException());
    }
}
