using BenchmarkDotNet.Attributes;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;

namespace Gateway.Benchmarks.Stages;

/// <summary>
/// What limits and money cost a call in memory: admission, hold and settlement of a caller with four scopes, each with three limits.
/// </summary>
public class HotPathBenchmarks
{
    private const int Threads = 16;
    private const int CallsPerThread = 10_000;
    private static readonly TokenEstimate Tokens = TokenEstimate.Exactly(500);
    private const string UserId = "user";

    private static readonly Money Bound = Money.FromNanoUsd(50_000);
    private static readonly Money Cost = Money.FromNanoUsd(20_000);

    private readonly List<RateLimit> _rates = [];
    private readonly List<RateLimit> _denseRates = [];
    private readonly List<Budget> _budgets = [];
    private readonly List<Budget> _denseBudgets = [];
    private AdmissionController _admission = null!;
    private BudgetBook _book = null!;

    [GlobalSetup]
    public void Setup()
    {
        var time = TimeProvider.System;
        var clock = new WindowClock(time);
        var history = new NoHistory(time);
        _admission = new AdmissionController(new CounterStore(history, clock), clock);
        _book = new BudgetBook(history, time);
        foreach (var scope in (QuotaScope[])[QuotaScope.ApiKey, QuotaScope.User, QuotaScope.Team, QuotaScope.TierModel])
        {
            var id = scope.ToString();
            _rates.Add(
                new RateLimit("rate-" + id, scope, id, null, QuotaMode.Enforce)
                {
                    RequestsPerMinute = long.MaxValue / 4,
                    TokensPerMinute = long.MaxValue / 4,
                }
            );
            _denseRates.Add(_rates[^1] with { Id = "dense-" + id, ScopeId = "dense-" + id, TokensPerDay = long.MaxValue / 4 });
            _denseBudgets.AddRange(((string[])["1d", "1mo", "30d"]).Select(period => NewBudget(scope, "dense-" + id, period)));
            _budgets.Add(NewBudget(scope, id, "1d"));
        }
        Admit_hold_and_settle();
        Admit_hold_and_settle_with_24_limits();
    }

    /// <summary>One call with four scopes and three limits on each: requests a minute, tokens a minute, a budget.</summary>
    [Benchmark]
    public bool Admit_hold_and_settle() => Call(_rates, _budgets);

    /// <summary>One call with four scopes and six limits on each: three rates and three budgets.</summary>
    [Benchmark]
    public bool Admit_hold_and_settle_with_24_limits() => Call(_denseRates, _denseBudgets);

    /// <summary>Sixteen threads that all pay from one budget.</summary>
    [Benchmark(OperationsPerInvoke = Threads * CallsPerThread)]
    public void Hold_and_settle_on_one_budget_from_16_threads()
    {
        var one = _budgets.GetRange(0, 1);
        var threads = new Thread[Threads];
        for (var i = 0; i < Threads; i++)
        {
            threads[i] = new Thread(() =>
            {
                for (var call = 0; call < CallsPerThread; call++)
                {
                    Hold(DateTime.UtcNow, one, out var hold);
                    hold!.Settle(Cost);
                }
            });
            threads[i].Start();
        }
        foreach (var thread in threads)
        {
            thread.Join();
        }
    }

    private static Budget NewBudget(QuotaScope scope, string id, string period) =>
        BudgetPeriod.TryParse(period, null, DateTime.UnixEpoch, out var parsed)
            ? new Budget(
                $"budget-{id}-{period}",
                scope,
                id,
                null,
                Money.FromNanoUsd(long.MaxValue / 4),
                parsed,
                DateTime.UnixEpoch,
                QuotaMode.Enforce
            )
            : throw new FormatException(period);

    private bool Call(List<RateLimit> rates, List<Budget> budgets)
    {
        var admitted = _admission.AdmitAsync(rates, UserId, Tokens, default);
        using var lease = (admitted.IsCompletedSuccessfully ? admitted.Result : admitted.AsTask().GetAwaiter().GetResult()).Lease!;
        var isHeld = Hold(lease.AdmittedAt, budgets, out var hold);
        hold?.Settle(Cost);
        lease.Release(LeaseEnd.Answered(200));
        return isHeld;
    }

    private bool Hold(DateTime admittedAt, List<Budget> budgets, out MoneyHold? hold)
    {
        var lines = new HoldLine[budgets.Count];
        for (var i = 0; i < lines.Length; i++)
        {
            var line = _book.LineAsync(budgets[i], UserId, admittedAt);
            lines[i] = line.IsCompletedSuccessfully ? line.Result : line.AsTask().GetAwaiter().GetResult();
        }
        return MoneyHold.TryTake(lines, Bound, out hold, out _);
    }

    private sealed class NoHistory(TimeProvider time) : IUsageHistory, ISpendHistory
    {
        public long WrittenThrough => time.GetTimestamp();

        public Task<PastUsage> ReadAsync(CounterKey key, DateTime dayStart, DateTime recentStart) => Task.FromResult(PastUsage.None);

        public Task<StoredSpend> ReadSpendAsync(Budget budget, string subjectId, DateTime windowStart) =>
            Task.FromResult(default(StoredSpend));

        public Task ReadBalanceAsync(string userId, Action<long> load)
        {
            load(0);
            return Task.CompletedTask;
        }
    }
}
