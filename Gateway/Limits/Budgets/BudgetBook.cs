using System.Collections.Concurrent;
using Gateway.Core;
using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;
using Gateway.Ledger;

namespace Gateway.Limits.Budgets;

/// <summary>
/// The accounts that calls on this node are paid from. An account is read from the database at its first use and then lives in memory; idle
/// ones are forgotten, which loses nothing, because what they spent is in the database by then. Thread-safe.
/// </summary>
internal sealed class BudgetBook(ISpendHistory history, TimeProvider time) : IMoneyKeeper
{
    // Much longer than any time between asking for an account and holding from it.
    private static readonly TimeSpan IdleTime = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<(string BudgetId, string SubjectId), BudgetAccount> _budgets = new();
    private readonly ConcurrentDictionary<string, BalanceAccount> _balances = new(StringComparer.Ordinal);
    private long _raisedThrough;

    /// <summary>How many accounts are in memory.</summary>
    public int Count => _budgets.Count + _balances.Count;

    /// <summary>Holds of calls in flight, summed over all accounts.</summary>
    public int OpenHolds => _budgets.Values.Sum(static a => a.OpenHolds) + _balances.Values.Sum(static a => a.OpenHolds);

    /// <summary>Money held by calls in flight, summed over all accounts.</summary>
    public long HeldNanoUsd =>
        Saturating.Add(_budgets.Values.SumOf(static a => a.HeldNanoUsd), _balances.Values.SumOf(static a => a.HeldNanoUsd));

    /// <summary>The account of a budget on the terms of a call; completes at once when it is in memory.</summary>
    /// <param name="budget">The budget.</param>
    /// <param name="userId">The caller: a tier's budget has an account for each user.</param>
    /// <param name="admittedAt">When the call came, UTC.</param>
    /// <param name="endUser">For whom it is: a budget of end users has an account for each.</param>
    /// <exception cref="CallerStoreUnavailableException">It is not in memory and the database is away.</exception>
    public ValueTask<HoldLine> LineAsync(Budget budget, string userId, DateTime admittedAt, string? endUser = null)
    {
        var start = budget.Period.WindowAt(admittedAt).Start;
        while (true)
        {
            var account = _budgets.GetOrAdd(
                (budget.Id, budget.SubjectOf(userId, endUser)),
                static key => new BudgetAccount(key.BudgetId, key.SubjectId)
            );
            var line = new HoldLine(account, budget, start);
            lock (account.Gate)
            {
                if (account.IsRetired)
                {
                    continue;
                }
                account.LastUsed = time.GetTimestamp();
                account.LastTerms = budget;
                if (account.Knows(start, account.LastUsed))
                {
                    return ValueTask.FromResult(line);
                }
            }
            return LoadAsync(account, line);
        }
    }

    /// <summary>The prepaid account of a user; completes at once when it is in memory.</summary>
    /// <exception cref="CallerStoreUnavailableException">It is not in memory and the database is away.</exception>
    public ValueTask<HoldLine> BalanceAsync(string userId)
    {
        while (true)
        {
            var account = _balances.GetOrAdd(userId, static id => new BalanceAccount(id));
            var line = new HoldLine(account, null, default);
            lock (account.Gate)
            {
                if (account.IsRetired)
                {
                    continue;
                }
                account.LastUsed = time.GetTimestamp();
                if (account.IsLoaded)
                {
                    return ValueTask.FromResult(line);
                }
            }
            return LoadAsync(account, line);
        }
    }

    /// <summary>Where a call is booked in a budget.</summary>
    public static BudgetCharge ChargeOf(Budget budget, string userId, DateTime admittedAt, string? endUser = null) =>
        new(budget.Id, budget.SubjectOf(userId, endUser), budget.Period.WindowAt(admittedAt).Start);

    /// <summary>The accounts of a budget that are in memory: one, or one for each user of a tier, or for each end user.</summary>
    public IEnumerable<BudgetAccount> Find(Budget budget) =>
        budget.HasSubjects ? _budgets.Where(b => b.Key.BudgetId == budget.Id).Select(b => b.Value)
        : _budgets.TryGetValue((budget.Id, ""), out var account) ? [account]
        : [];

    /// <inheritdoc/>
    public void Lower(BudgetCharge charge, long nanoUsd)
    {
        if (_budgets.TryGetValue((charge.BudgetId, charge.SubjectId), out var account))
        {
            lock (account.Gate)
            {
                account.Lower(charge.WindowStart, nanoUsd);
            }
        }
    }

    /// <summary>
    /// Something was booked in a budget past this node, in the database. An account that is in memory counts it from here on, once: each
    /// window knows up to which revision of the database it has such bookings.
    /// </summary>
    /// <param name="charge">Which window.</param>
    /// <param name="nanoUsd">How much came to it, nano-dollars.</param>
    /// <param name="revision">The revision in which the database has it. Not lower than that of the call before.</param>
    public void Raise(BudgetCharge charge, long nanoUsd, long revision)
    {
        // Before the accounts: a reading under way that is older has then either taken its place or is made again
        Interlocked.Exchange(ref _raisedThrough, revision);
        if (_budgets.TryGetValue((charge.BudgetId, charge.SubjectId), out var account))
        {
            lock (account.Gate)
            {
                account.Raise(charge.WindowStart, nanoUsd, revision);
            }
        }
    }

    /// <summary>
    /// The budgets whose accounts are in memory, on the terms of their last call, and what is spent in the newest of their windows,
    /// nano-dollars. A tier's budget comes once for each user.
    /// </summary>
    public IEnumerable<(Budget Budget, long SpentNanoUsd)> BudgetsInUse()
    {
        foreach (var account in _budgets.Values)
        {
            if (account.TryReadNewest(out var budget, out var spent))
            {
                yield return (budget, spent);
            }
        }
    }

    /// <inheritdoc/>
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

    /// <inheritdoc/>
    public Task RefreshBalanceAsync(string userId) =>
        _balances.TryGetValue(userId, out var account) ? ReadBalanceAsync(account) : Task.CompletedTask;

    /// <inheritdoc/>
    public Task RefreshBalancesAsync() => Task.WhenAll(_balances.Values.Select(ReadBalanceAsync));

    /// <summary>Forgets accounts that nobody used for a while and that hold nothing. Run now and then, off the hot path.</summary>
    public void Sweep()
    {
        Sweep(_budgets);
        Sweep(_balances);
    }

    private void Sweep<TKey, TAccount>(ConcurrentDictionary<TKey, TAccount> accounts)
        where TKey : notnull
        where TAccount : MoneyAccount
    {
        var writtenThrough = history.WrittenThrough;
        foreach (var (key, account) in accounts)
        {
            lock (account.Gate)
            {
                var now = time.GetTimestamp();
                var before = now - (long)(IdleTime.TotalSeconds * time.TimestampFrequency);
                (account as BudgetAccount)?.ForgetWindows(before, now, writtenThrough);
                account.IdleSince =
                    account.OpenHolds > 0 || account.Loading is not null || account.LastUsed >= before ? null : account.IdleSince ?? now;
                if (account.IdleSince <= writtenThrough)
                {
                    account.IsRetired = true;
                    accounts.TryRemove(KeyValuePair.Create(key, account));
                }
            }
        }
    }

    // All who need a window share one reading of it: two readings must not both add to it.
    private async ValueTask<HoldLine> LoadAsync(MoneyAccount account, HoldLine line)
    {
        while (true)
        {
            Task loading;
            lock (account.Gate)
            {
                if (
                    account is BudgetAccount budget
                        ? budget.Knows(line.WindowStart, time.GetTimestamp())
                        : ((BalanceAccount)account).IsLoaded
                )
                {
                    return line;
                }
                loading = account.Loading ??= ReadAsync(account, line);
            }
            await loading;
        }
    }

    private async Task ReadAsync(MoneyAccount account, HoldLine line)
    {
        await Task.Yield(); // out of the caller's lock
        try
        {
            if (account is BudgetAccount budget)
            {
                while (!TryLoad(budget, line.WindowStart, await history.ReadSpendAsync(line.Budget!, budget.SubjectId, line.WindowStart)))
                { }
            }
            else
            {
                await ReadBalanceAsync((BalanceAccount)account);
            }
        }
        finally
        {
            lock (account.Gate)
            {
                account.Loading = null;
            }
        }
    }

    // A reading from before a raise that was handed out meanwhile would miss it.
    private bool TryLoad(BudgetAccount account, DateTime windowStart, StoredSpend stored)
    {
        lock (account.Gate)
        {
            if (stored.Revision < Interlocked.Read(ref _raisedThrough))
            {
                return false;
            }
            account.Load(windowStart, stored, time.GetTimestamp());
            return true;
        }
    }

    private Task ReadBalanceAsync(BalanceAccount account) =>
        history.ReadBalanceAsync(
            account.UserId,
            stored =>
            {
                lock (account.Gate)
                {
                    account.Load(stored);
                }
            }
        );
}
