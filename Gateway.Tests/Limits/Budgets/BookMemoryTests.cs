using System.Net;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>Memory follows who calls, not who has called: keys seen once leave nothing behind, and their limits are still right.</summary>
public sealed class BookMemoryTests
{
    private const int Callers = 20_000;
    private const string Hello = """{"model":"sandbox-chat","max_tokens":8,"messages":[{"role":"user","content":"Hi"}]}""";

    [Fact]
    public async Task Callers_seen_once_are_forgotten_and_limits_of_the_day_still_right()
    {
        var time = new ManualTimeProvider();
        await using var hub = await HubHost.StartAsync(time: time);
        var caller = await hub.AddCallerAsync();
        using var client = hub.NewClient(caller.Text);
        await hub.AddKeyRateLimitAsync(caller, l => l.RequestsPerDay = 3);
        await hub.AddKeyBudgetAsync(caller, 1_000_000_000, b => b.BudgetDuration = "daily");
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        var before = await client.AtRestAsync();

        var counters = hub.Services.GetRequiredService<CounterStore>();
        var book = hub.Services.GetRequiredService<BudgetBook>();
        var admission = hub.Services.GetRequiredService<AdmissionController>();
        await Parallel.ForAsync(0, Callers, async (i, _) => await CallOnceAsync(admission, book, "key-" + i, time.GetUtcNow().UtcDateTime));
        Assert.InRange(counters.Count, Callers, int.MaxValue);
        Assert.InRange(book.Count, Callers, int.MaxValue);

        await Eventually.TrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(16));
                return Task.FromResult(counters.Count == 0 && book.Count == 0);
            },
            "all counters and accounts are let go"
        );
        Assert.Equal(before.Budgets, (await client.LimitsAsync()).Budgets);
        Assert.Equal(before.Rates.Select(r => r.Used), (await client.LimitsAsync()).Rates.Select(r => r.Used));
        Assert.Equal(HttpStatusCode.OK, (await client.ChatAsync(Hello)).StatusCode);
        Assert.Equal("requests_per_day", (await LimitError.RateAsync(await client.ChatAsync(Hello), "requests")).Window);
    }

    private static async Task CallOnceAsync(AdmissionController admission, BudgetBook book, string key, DateTime now)
    {
        Assert.True(BudgetPeriod.TryParse("daily", null, now, out var daily));
        var budget = new Budget(
            "b-" + key,
            QuotaScope.ApiKey,
            key,
            null,
            Money.FromNanoUsd(1_000),
            daily,
            DateTime.UnixEpoch,
            QuotaMode.Enforce
        );
        var rate = new RateLimit("r-" + key, QuotaScope.ApiKey, key, null, QuotaMode.Enforce) { RequestsPerDay = 5 };
        var lease = (await admission.AdmitAsync([rate], "nobody", TokenEstimate.Exactly(10), CancellationToken.None)).Lease!;
        var line = await book.LineAsync(budget, "nobody", now);
        Assert.True(MoneyHold.TryTake([line], Money.FromNanoUsd(10), out var hold, out _));
        hold!.Settle(Money.Zero);
        lease.Release(LeaseEnd.NeverAnswered);
    }
}
