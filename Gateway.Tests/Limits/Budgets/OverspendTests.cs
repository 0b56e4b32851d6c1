using System.Net;
using System.Text.Json;
using Gateway.Core.Policy;
using Gateway.Core.Pricing;
using Gateway.Core.Storage;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Ledger;
using Gateway.Sandbox;
using Gateway.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>
/// The promise of the product, under two hundred clients at once that send plain calls and streams, leave, and meet a failing upstream:
/// settled and held money never exceed a cap, and what is charged is what the upstream's own spend log says.
/// </summary>
public sealed class OverspendTests
{
    private const int Clients = 200;
    private const int MaxTokens = 20;
    private const int MostCaps = 3;
    private const long ProbeCap = 1_000_000_007;
    private const string TeamId = "team-1";

    private const int FewestSamples = 5;

    private static readonly TimeSpan Duration = TimeSpan.FromSeconds(2);

    // A slow machine gets more time to show something; it decides nothing.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    // Scenarios whose usage is that of a real model: within the maximum asked for.
    private static readonly string[] Models =
    [
        "gpt-4o-mini",
        "gpt-4o-mini",
        "gpt-4o-mini",
        "sandbox-slow-chunks-50",
        "sandbox-status-500",
        "sandbox-drop-mid-stream",
        "sandbox-no-usage",
    ];

    [Theory]
    [InlineData(1, false)]
    [InlineData(10, false)]
    [InlineData(1_000, false)]
    [InlineData(1, true)]
    [InlineData(10, true)]
    [InlineData(1_000, true)]
    public async Task No_cap_is_exceeded_and_nothing_but_the_use_is_charged(int calls, bool isPrepaid)
    {
        await using var hub = await HubHost.StartAsync(
            settings: new Dictionary<string, string> { ["BILLING_MODE"] = isPrepaid ? "prepaid" : "postpaid" }
        );
        var prices = hub.Services.GetRequiredService<PolicySource>().Current.Models.ToDictionary(m => m.Name, m => m.Prices);
        Assert.All(Models, model => Assert.False(prices[model].IsEmpty));
        var price = await HoldOfOneCallAsync(hub);
        var cap = price.NanoUsd * calls;
        var key = await hub.AddCallerAsync();
        await hub.DecideHereAsync(
            ChangedEntities.User,
            key.UserId,
            null,
            async db =>
            {
                db.Teams.Add(
                    new Team
                    {
                        Id = TeamId,
                        Name = "Team",
                        CreatedAt = DateTime.UtcNow,
                        UpdatedAt = DateTime.UtcNow,
                    }
                );
                await db.SaveChangesAsync();
                (await db.Users.SingleAsync(u => u.Id == key.UserId)).TeamId = TeamId;
                await SetBalanceAsync(db, key.UserId, isPrepaid ? cap : 0);
            }
        );
        if (!isPrepaid)
        {
            await hub.DecideHereAsync(
                ChangedEntities.Tier,
                "*",
                null,
                async db =>
                    db.Budgets.AddRange(
                        BudgetsOfEveryScope(
                            cap,
                            key,
                            await db.Users.Where(u => u.Id == key.UserId).Select(u => u.TierId).SingleAsync(),
                            await db.Models.Where(m => Models.Contains(m.Name)).Select(m => m.Id).ToListAsync()
                        )
                    )
            );
        }
        using var stop = new CancellationTokenSource();
        var most = cap * MostCaps;
        var progress = new Progress();
        var watch = WatchAsync(hub, key, Money.FromNanoUsd(most), price, progress, stop.Token);
        var deciding = isPrepaid ? DepositAsync(hub, key, cap, stop.Token) : ChangeCapsAsync(hub, cap, stop.Token);

        var answered = (
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => RunClientAsync(hub, key, client, progress)))
        ).Sum();
        await stop.CancelAsync();

        var samples = await watch;
        var paidIn = await deciding;
        await hub.Sandbox!.Ledger.WaitForIdleAsync();
        await Eventually.TrueAsync(async () => (await LimitsAsync(hub, key)).Held == 0, "nothing is held any more");
        var records = await WrittenRecordsAsync(hub, key);
        Assert.True(samples > FewestSamples, $"only {samples} samples were taken");
        Assert.True(records.Any(r => r.TotalCostNanoUsd > 0), $"nothing was charged; {answered} calls were answered");
        Assert.True(records.Sum(r => r.TotalCostNanoUsd) <= most, "more was charged than the highest cap");
        AssertChargedByTheUpstreamsBook(hub.Sandbox.Ledger, await WrittenRecordsAsync(hub, null), prices);
        Assert.Equal(0, (await MetricsText.ScrapeAsync(hub)).Sum("oneui_bound_exceeded_total"));
        var limits = await LimitsAsync(hub, key);
        Assert.Equal(
            Money.FromNanoUsd(isPrepaid ? paidIn - records.Sum(r => r.TotalCostNanoUsd) : records.Sum(r => r.TotalCostNanoUsd)).ToUsd(),
            isPrepaid ? limits.Left : limits.Used
        );
    }

    private static IEnumerable<BudgetRow> BudgetsOfEveryScope(long cap, TestKey key, string tierId, IReadOnlyList<string> modelIds)
    {
        yield return Budget(cap, b => b.ApiKeyId = key.Id);
        yield return Budget(cap, b => (b.UserId, b.BudgetDuration) = (key.UserId, "30d"));
        yield return Budget(cap, b => (b.TeamId, b.BudgetDuration) = (TeamId, null));
        foreach (var modelId in modelIds)
        {
            yield return Budget(cap, b => (b.TierId, b.ModelId) = (tierId, modelId));
        }
    }

    private static BudgetRow Budget(long cap, Action<BudgetRow> describe)
    {
        var row = new BudgetRow
        {
            Id = Guid.CreateVersion7().ToString(),
            MaxBudgetNanoUsd = cap,
            BudgetDuration = "1d",
            Source = BudgetSources.Admin,
            Mode = "enforce",
            CreatedAt = DateTime.UtcNow,
            UpdatedAt = DateTime.UtcNow,
        };
        describe(row);
        return row;
    }

    private static async Task SetBalanceAsync(HubDbContext db, string userId, long nanoUsd)
    {
        var account =
            await db.UserAccounts.SingleOrDefaultAsync(a => a.UserId == userId)
            ?? db.UserAccounts.Add(new UserAccount { UserId = userId, UpdatedAt = DateTime.UtcNow }).Entity;
        account.BalanceNanoUsd = nanoUsd;
    }

    // Somebody moves the caps up and down while calls run; they are never above the highest.
    private static async Task<long> ChangeCapsAsync(HubHost hub, long cap, CancellationToken stop)
    {
        for (var round = 0; !stop.IsCancellationRequested; round++)
        {
            var now = cap * (1 + (round % MostCaps));
            await hub.DecideHereAsync(
                ChangedEntities.Tier,
                "*",
                null,
                async db =>
                {
                    await db
                        .Budgets.Where(b => b.MaxBudgetNanoUsd != ProbeCap)
                        .ExecuteUpdateAsync(b => b.SetProperty(x => x.MaxBudgetNanoUsd, now));
                }
            );
            await hub.DecideHereAsync(ChangedEntities.ApiKey, "*", null, _ => Task.CompletedTask);
            await Task.Delay(200, CancellationToken.None);
        }
        return 0;
    }

    // Deposits arrive while calls run.
    private static async Task<long> DepositAsync(HubHost hub, TestKey key, long amount, CancellationToken stop)
    {
        var paidIn = amount;
        for (var round = 1; round < MostCaps && !stop.IsCancellationRequested; round++)
        {
            await Task.Delay(300, CancellationToken.None);
            await hub.DecideHereAsync(
                ChangedEntities.User,
                key.UserId,
                null,
                async db =>
                    await db
                        .UserAccounts.Where(a => a.UserId == key.UserId)
                        .ExecuteUpdateAsync(a => a.SetProperty(x => x.BalanceNanoUsd, x => x.BalanceNanoUsd + amount))
            );
            paidIn += amount;
        }
        return paidIn;
    }

    // Reads what the caller is told of its money until it is stopped: never above the cap.
    private static async Task<int> WatchAsync(HubHost hub, TestKey key, Money cap, Money price, Progress progress, CancellationToken stop)
    {
        for (var samples = 0; ; samples++)
        {
            var limits = await LimitsAsync(hub, key);
            Assert.True(limits.Used + limits.Held <= cap.ToUsd(), $"{limits.Used} spent and {limits.Held} held of {cap}");
            progress.Samples = samples + 1;
            progress.IsSpent |= limits.Held == 0 && limits.Left < price.ToUsd();
            if (stop.IsCancellationRequested)
            {
                return samples + 1;
            }
            await Task.Delay(5, CancellationToken.None);
        }
    }

    private static async Task<(decimal Used, decimal Held, decimal Left)> LimitsAsync(HubHost hub, TestKey key)
    {
        using var client = hub.NewClient(key.Text);
        var limits = (await (await client.GetAsync("/v1/key")).JsonAsync()).GetProperty("limits");
        if (limits.GetProperty("balance") is { ValueKind: JsonValueKind.Object } balance)
        {
            return (0, balance.GetProperty("held").GetDecimal(), balance.GetProperty("remaining").GetDecimal());
        }
        var budgets = limits.GetProperty("budgets").EnumerateArray().ToList();
        Assert.True(budgets.Count >= 3);
        return (
            budgets.Max(b => b.GetProperty("used").GetDecimal()),
            budgets.Max(b => b.GetProperty("held").GetDecimal()),
            budgets.Min(b => b.GetProperty("remaining").GetDecimal())
        );
    }

    private static async Task<int> RunClientAsync(HubHost hub, TestKey key, int seed, Progress progress)
    {
        var random = new Random(seed);
        using var client = hub.NewClient(key.Text);
        var answered = 0;
        var (until, latest) = (DateTime.UtcNow + Duration, DateTime.UtcNow + Patience);
        while (DateTime.UtcNow < until || (!progress.IsEnough && DateTime.UtcNow < latest))
        {
            if (await CallAsync(client, Models[random.Next(Models.Length)], random))
            {
                answered++;
                progress.HasAnswer = true;
            }
        }
        return answered;
    }

    private static async Task<bool> CallAsync(HttpClient client, string model, Random random)
    {
        var isStream = random.Next(2) == 0;
        var leaves = random.Next(4) == 0;
        using var patience = new CancellationTokenSource(leaves ? TimeSpan.FromMilliseconds(random.Next(1, 60)) : TimeSpan.FromSeconds(60));
        try
        {
            var more = $",\"max_tokens\":{MaxTokens}";
            var body = isStream ? InferenceCalls.Stream(model, more) : InferenceCalls.Chat(model, more);
            using var answer = await client.OpenStreamAsync(body, patience.Token);
            await answer.Content.ReadAsByteArrayAsync(patience.Token);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception fault) when (fault is OperationCanceledException or HttpRequestException)
        {
            return false;
        }
    }

    private static async Task<List<UsageRecord>> WrittenRecordsAsync(HubHost hub, TestKey? key)
    {
        await Eventually.TrueAsync(() => Task.FromResult(hub.Services.GetRequiredService<UsageQueue>().IsWritten), "all is written");
        await using var db = await hub.Databases.CreateDbContextAsync();
        return await db.UsageRecords.AsNoTracking().Where(r => key == null || r.ApiKeyId == key.Id).ToListAsync();
    }

    // Every reported row is the upstream's usage times the price; an estimated one is within its hold, and at least what left for its
    // client.
    private static void AssertChargedByTheUpstreamsBook(
        SandboxLedger book,
        List<UsageRecord> records,
        IReadOnlyDictionary<string, PriceTable> prices
    )
    {
        var calls = book.Calls().Where(c => c.RequestId is not null).ToLookup(c => c.CallId);
        foreach (var record in records.Where(r => r.UsageSource == "reported"))
        {
            var call = Assert.Single(calls[record.Id]);
            Assert.Equal((call.Usage.PromptTokens, call.Usage.CompletionTokens), (record.Usage.Input, record.Usage.Output));
            var cost = CostCalculator.Cost(
                prices[record.ModelName],
                TokenUsage.OfText(call.Usage.PromptTokens, call.Usage.CompletionTokens),
                ServiceTier.Default
            );
            Assert.Equal(cost.Total.NanoUsd, record.TotalCostNanoUsd);
        }
        foreach (var record in records.Where(r => r.UsageSource == "estimated"))
        {
            Assert.True(record.TotalCostNanoUsd <= record.HeldNanoUsd, "an estimate is above its hold");
        }
        foreach (var call in book.Calls().Where(c => c.Outcome == SandboxOutcome.Complete && c.Usage.CompletionTokens > 0))
        {
            Assert.Contains(records, r => r.Id == call.CallId && r.TotalCostNanoUsd > 0);
        }
    }

    private static async Task<Money> HoldOfOneCallAsync(HubHost hub)
    {
        var probe = await hub.AddCallerAsync();
        await hub.DecideHereAsync(
            ChangedEntities.User,
            probe.UserId,
            null,
            async db =>
            {
                db.Budgets.Add(Budget(ProbeCap, b => b.UserId = probe.UserId));
                await SetBalanceAsync(db, probe.UserId, 1_000_000_000);
            }
        );
        using var client = hub.NewClient(probe.Text);
        var answer = await client.ChatAsync(InferenceCalls.Stream("gpt-4o-mini", $",\"max_tokens\":{MaxTokens}"));
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        return Money.FromNanoUsd((await hub.RecordAsync(answer)).HeldNanoUsd);
    }

    private sealed class Progress
    {
        public volatile bool HasAnswer;

        // The money of a few calls may all go to clients that left and to answers that broke off.
        public volatile bool IsSpent;

        public volatile int Samples;

        public bool IsEnough => (HasAnswer || IsSpent) && Samples > FewestSamples + 1;
    }
}
