using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Budgeting;

/// <summary>
/// Money held for one call in all accounts that it is paid from: taken from all of them or from none, settled exactly once, on whatever way the call ends.
/// </summary>
internal sealed class MoneyHold
{
    private readonly HoldLine[] _lines;
    private readonly long[] _amounts;   // what is held of each line: enforced accounts hold the whole bound, shadow ones too
    private int _isOpen = 1;

    private MoneyHold(HoldLine[] lines, long nanoUsd)
    {
        _lines = lines;
        _amounts = new long[lines.Length];
        Array.Fill(_amounts, nanoUsd);
        Amount = Money.FromNanoUsd(nanoUsd);
    }

    /// <summary>What is held in each account.</summary>
    public Money Amount { get; private set; }

    /// <summary>The accounts, in the order of the scopes.</summary>
    public ReadOnlySpan<HoldLine> Lines => _lines;

    /// <summary>Whether the call is not settled yet.</summary>
    public bool IsOpen => Volatile.Read(ref _isOpen) == 1;

    /// <summary>The budget windows that the call is booked in, for the ledger.</summary>
    public IReadOnlyList<BudgetCharge> Charges()
    {
        List<BudgetCharge>? charges = null;
        foreach (ref readonly var line in _lines.AsSpan())
        {
            if (line.Account is BudgetAccount account)
            {
                (charges ??= new(_lines.Length)).Add(new BudgetCharge(account.BudgetId, account.SubjectId, line.WindowStart));
            }
        }
        return charges ?? (IReadOnlyList<BudgetCharge>)[];
    }

    /// <summary>Holds an amount in every account, or in none.</summary>
    /// <param name="lines">The accounts in the order in which they refuse.</param>
    /// <param name="amount">The bound of the call's cost.</param>
    /// <param name="hold">The hold; null when one refuses.</param>
    /// <param name="refusedBy">The first enforced account that has not enough.</param>
    /// <param name="available">What the tightest enforced account has left, also when nothing is refused.</param>
    public static bool TryTake(HoldLine[] lines, Money amount, out MoneyHold? hold, out HoldLine refusedBy, out Money available)
    {
        hold = null;
        refusedBy = default;
        LockAll(lines);
        try
        {
            var least = long.MaxValue;
            var refused = -1;
            for (var i = 0; i < lines.Length; i++)
            {
                if (!lines[i].IsEnforced)
                {
                    continue;
                }
                var left = lines[i].Account.Available(lines[i]);
                least = Math.Min(least, left);
                if (refused < 0 && left < amount.NanoUsd)
                {
                    refused = i;
                }
            }
            available = Money.FromNanoUsd(Math.Max(0, least));
            if (refused >= 0)
            {
                refusedBy = lines[refused];
                return false;
            }
            foreach (ref readonly var line in lines.AsSpan())
            {
                line.Account.Hold(line, amount.NanoUsd);
            }
        }
        finally
        {
            UnlockAll(lines);
        }
        hold = new MoneyHold(lines, amount.NanoUsd);
        return true;
    }

    /// <summary>Holds more, in every account or in none.</summary>
    public bool TryExtend(Money more)
    {
        LockAll(_lines);
        try
        {
            if (!IsOpen)
            {
                return false;
            }
            foreach (ref readonly var line in _lines.AsSpan())
            {
                if (line.IsEnforced && line.Account.Available(line) < more.NanoUsd)
                {
                    return false;
                }
            }
            for (var i = 0; i < _lines.Length; i++)
            {
                _lines[i].Account.Extend(_lines[i], more.NanoUsd);
                _amounts[i] += more.NanoUsd;
            }
            Amount += more;
            return true;
        }
        finally
        {
            UnlockAll(_lines);
        }
    }

    /// <summary>Gives the hold back and books the cost. A second time does nothing.</summary>
    /// <returns>False when it was settled before.</returns>
    public bool Settle(Money cost)
    {
        if (Interlocked.Exchange(ref _isOpen, 0) == 0)
        {
            return false;
        }
        for (var i = 0; i < _lines.Length; i++)
        {
            lock (_lines[i].Account.Gate)
            {
                _lines[i].Account.Settle(_lines[i], _amounts[i], cost.NanoUsd);
            }
        }
        return true;
    }

    // The caller has put the lines into the order of refusal; locks are taken in the order of the accounts, by selection: there are few.
    private static void LockAll(ReadOnlySpan<HoldLine> lines)
    {
        for (long taken = 0, i = 0; i < lines.Length; i++)
        {
            var next = NextInOrder(lines, taken);
            next.Gate.Enter();
            taken = next.Order;
        }
    }

    private static void UnlockAll(ReadOnlySpan<HoldLine> lines)
    {
        foreach (ref readonly var line in lines)
        {
            line.Account.Gate.Exit();
        }
    }

    private static MoneyAccount NextInOrder(ReadOnlySpan<HoldLine> lines, long after)
    {
        MoneyAccount? next = null;
        foreach (ref readonly var line in lines)
        {
            if (line.Account.Order > after && (next is null || line.Account.Order < next.Order))
            {
                next = line.Account;
            }
        }
        return next!;
    }
}
