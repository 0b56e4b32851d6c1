using System.Collections.Concurrent;
using Gateway.Authentication;
using Gateway.Core.Quotas;
using Gateway.Core.Storage;

namespace Gateway.Budgeting;

/// <summary>
/// The accounts that calls on this node are paid from. An account is read from the database at its first use and then lives in memory; idle ones are forgotten,
/// which loses nothing, because what they spent is in the database by then.
/// </summary>
internal sealed class BudgetBook(ISpendHistory history, TimeProvider time)
{
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(10);

    private readonly ConcurrentDictionary<(string BudgetId, string SubjectId), BudgetAccount> _budgets = new();
    private readonly ConcurrentDictionary<string, BalanceAccount> _balances = new(StringComparer.Ordinal);
    private readonly SemaphoreSlim _loading = new(1, 1);

    /// <summary>The account of a budget on the terms of a call; completes at once when it is in memory.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="userId">The caller: a tier's budget has an account for each user.</param>
    /// <param name="admittedAt">When the call came, UTC.</param>
    /// <exception cref="CallerStoreUnavailableException">It is not in memory and the database is away.</exception>
    public ValueTask<HoldLine> LineAsync(Budget budget, string userId, DateTime admittedAt)
    {
        var subject = budget.Scope == QuotaScope.TierModel ? userId : "";
        var account = _budgets.GetOrAdd((budget.Id, subject), static key => new BudgetAccount(key.BudgetId, key.SubjectId));
        var line = new HoldLine(account, budget, budget.Period.WindowAt(admittedAt).Start);
        lock (account.Gate)
        {
            account.LastUsedTicks = admittedAt.Ticks;
            if (account.Knows(line.WindowStart))
            {
                return ValueTask.FromResult(line);
            }
        }
        return LoadAsync(account, line);
    }

    /// <summary>The prepaid account of a user.</summary>
    /// <exception cref="CallerStoreUnavailableException">It is not in memory and the database is away.</exception>
    public ValueTask<HoldLine> BalanceAsync(string userId) =>
        _balances.TryGetValue(userId, out var account) ? ValueTask.FromResult(new HoldLine(account, null, default)) : LoadBalanceAsync(userId);

    /// <summary>The spend and holds of a budget's window as this node sees them; null when the account is not in memory.</summary>
    public BudgetAccount? Find(string budgetId, string subjectId) => _budgets.GetValueOrDefault((budgetId, subjectId));

    /// <summary>Charges of a user have been written: they are in the database's balance now.</summary>
    public void ConfirmBalance(string userId, long nanoUsd)
    {
        if (_balances.TryGetValue(userId, out var account))
        {
            lock (account.Gate)
            {
                account.Confirm(nanoUsd);
            }
        }
    }

    /// <summary>Somebody paid in: the balance is read again. Charges that are not written yet stay taken off.</summary>
    public Task RefreshBalanceAsync(string userId) => _balances.TryGetValue(userId, out var account) ? ReadBalanceAsync(account) : Task.CompletedTask;

    /// <summary>Forgets accounts that nobody used for a while and that hold nothing. Run now and then, off the hot path.</summary>
    public void Sweep()
    {
        var before = time.GetUtcNow().UtcDateTime.Ticks - IdleTime.Ticks;
        foreach (var (key, account) in _budgets)
        {
            lock (account.Gate)
            {
                if (account.OpenHolds == 0 && account.LastUsedTicks < before && history.IsCurrent)
                {
                    _budgets.TryRemove(KeyValuePair.Create(key, account));
                }
            }
        }
    }

    private async ValueTask<HoldLine> LoadAsync(BudgetAccount account, HoldLine line)
    {
        // One reading at a time: first uses are rare, and two readings of one window must not both add to it.
        await _loading.WaitAsync();
        try
        {
            lock (account.Gate)
            {
                if (account.Knows(line.WindowStart))
                {
                    return line;
                }
            }
            var spent = await history.ReadSpendAsync(line.Budget!, account.SubjectId, line.WindowStart);
            lock (account.Gate)
            {
                account.Load(line.WindowStart, spent);
            }
            return line;
        }
        finally
        {
            _loading.Release();
        }
    }

    private async ValueTask<HoldLine> LoadBalanceAsync(string userId)
    {
        await _loading.WaitAsync();
        try
        {
            if (!_balances.TryGetValue(userId, out var account))
            {
                account = new BalanceAccount(userId);
                await ReadBalanceAsync(account);
                _balances[userId] = account;
            }
            return new HoldLine(account, null, default);
        }
        finally
        {
            _loading.Release();
        }
    }

    private Task ReadBalanceAsync(BalanceAccount account) => history.ReadBalanceAsync(account.UserId, stored =>
    {
        lock (account.Gate)
        {
            account.Load(stored);
        }
    });
}

/// <summary>What the database knows of money already spent. Everything settled on this node is written before an answer is given.</summary>
internal interface ISpendHistory
{
    /// <summary>Whether all that was settled so far is in the database.</summary>
    bool IsCurrent { get; }

    /// <summary>What was spent in a window of a budget, nano-dollars.</summary>
    Task<long> ReadSpendAsync(Budget budget, string subjectId, DateTime windowStart);

    /// <summary>Reads a user's prepaid money, nano-dollars, and hands it over before another batch is written or confirmed.</summary>
    Task ReadBalanceAsync(string userId, Action<long> load);
}
