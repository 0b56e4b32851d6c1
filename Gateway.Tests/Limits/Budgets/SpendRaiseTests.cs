using Gateway.Callers;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Gateway.Limits.Budgets;
using Gateway.Tests.Support;

namespace Gateway.Tests.Limits.Budgets;

/// <summary>What is booked in a budget past the node that pays from it counts there at once, and once.</summary>
public sealed class SpendRaiseTests
{
    private static readonly DateTime Now = new(2026, 3, 10, 12, 0, 0, DateTimeKind.Utc);
    private static readonly Budget Daily = NewBudget("budget");

    private readonly Database _database = new();
    private readonly BudgetBook _book;

    public SpendRaiseTests() => _book = new BudgetBook(_database, new ManualTimeProvider());

    [Fact]
    public async Task An_account_in_memory_counts_it_at_once()
    {
        var line = await LineAsync();
        Tell(_database.Book(Daily, 40));
        Assert.Equal(40, Spent(line));
    }

    [Fact]
    public async Task An_account_that_was_read_with_it_does_not_count_it_again()
    {
        var booked = _database.Book(Daily, 40);
        var line = await LineAsync();
        Tell(booked);
        Assert.Equal(40, Spent(line));
    }

    [Fact]
    public async Task Being_told_twice_counts_once()
    {
        var line = await LineAsync();
        ChangeLogEntry[] told = [_database.Book(Daily, 40), _database.Book(Daily, 2)];
        Tell(told);
        Tell(told);
        Assert.Equal(42, Spent(line));
    }

    [Fact]
    public async Task A_reading_that_is_overtaken_is_made_again()
    {
        _database.AfterReading = () =>
        {
            _database.AfterReading = () => { };
            Tell(_database.Book(Daily, 40));
        };
        Assert.Equal(40, Spent(await LineAsync()));
    }

    [Fact]
    public async Task What_calls_hold_and_settle_stays_beside_it()
    {
        var line = await LineAsync();
        Assert.True(MoneyHold.TryTake([line], Money.FromNanoUsd(60), out var first, out _));
        Tell(_database.Book(Daily, 30));
        Assert.False(MoneyHold.TryTake([line], Money.FromNanoUsd(11), out _, out _));
        first!.Settle(Money.FromNanoUsd(50));
        Assert.Equal((80, 0), (Spent(line), (long)line.Account.OpenHolds));
        Assert.True(MoneyHold.TryTake([line], Money.FromNanoUsd(20), out _, out _));
    }

    [Fact]
    public async Task Readings_and_bookings_at_once_lose_and_double_nothing()
    {
        var budgets = Enumerable.Range(0, 200).Select(i => NewBudget($"budget-{i}")).ToList();
        var telling = Task.Run(() =>
        {
            foreach (var budget in budgets.Concat(budgets.AsEnumerable().Reverse()).Concat(budgets))
            {
                Tell(_database.Book(budget, 7));
            }
        });
        _database.AfterReading = () => Thread.Yield();
        await Parallel.ForEachAsync(budgets, async (budget, _) => await _book.LineAsync(budget, "user", Now));
        await telling;
        foreach (var budget in budgets)
        {
            Assert.Equal(21, Spent(await _book.LineAsync(budget, "user", Now)));
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("5f0c1c5e-7a30-4d8e-8f0e-0b0f5a1d2c3b")]
    public void An_entry_of_the_change_log_tells_what_was_written_into_it(string subject)
    {
        var raise = new SpendRaise(new BudgetCharge("budget", subject, Now.AddTicks(1_234_567)), long.MaxValue);
        Assert.Equal(raise, SpendRaise.Read(Entry(1, raise)));
        Assert.InRange(raise.ToEntityKey().Length, 1, 128);
    }

    private static Budget NewBudget(string id)
    {
        Assert.True(BudgetPeriod.TryParse("daily", null, Now, out var daily));
        return new Budget(id, QuotaScope.User, "user", null, Money.FromNanoUsd(100), daily, DateTime.UnixEpoch, QuotaMode.Enforce);
    }

    private static ChangeLogEntry Entry(long revision, SpendRaise raise) =>
        new()
        {
            Revision = revision,
            EntityType = ChangedEntities.BudgetSpend,
            EntityId = raise.Charge.BudgetId,
            EntityKey = raise.ToEntityKey(),
        };

    private static long Spent(HoldLine line) => line.Account.Read(line).Spent.NanoUsd;

    private async Task<HoldLine> LineAsync() => await _book.LineAsync(Daily, "user", Now);

    private void Tell(params ChangeLogEntry[] changes) =>
        new SpendRaiser(_book).ApplyAsync(changes, CancellationToken.None).GetAwaiter().GetResult();

    // Revision and sums change together, as one transaction changes them.
    private sealed class Database : ISpendHistory
    {
        private readonly Lock _gate = new();
        private readonly Dictionary<(string, DateTime), long> _spent = [];
        private long _revision;

        public Action AfterReading { get; set; } = () => { };

        public long WrittenThrough => TimeProvider.System.GetTimestamp();

        public ChangeLogEntry Book(Budget budget, long nanoUsd)
        {
            var start = budget.Period.WindowAt(Now).Start;
            lock (_gate)
            {
                _spent[(budget.Id, start)] = _spent.GetValueOrDefault((budget.Id, start)) + nanoUsd;
                return Entry(++_revision, new SpendRaise(new BudgetCharge(budget.Id, "", start), nanoUsd));
            }
        }

        public Task<StoredSpend> ReadSpendAsync(Budget budget, string subjectId, DateTime windowStart)
        {
            StoredSpend stored;
            lock (_gate)
            {
                stored = new StoredSpend(_spent.GetValueOrDefault((budget.Id, windowStart)), _revision);
            }
            AfterReading();
            return Task.FromResult(stored);
        }

        public Task ReadBalanceAsync(string userId, Action<long> load) => throw new CallerStoreUnavailableException(new TimeoutException());
    }
}
