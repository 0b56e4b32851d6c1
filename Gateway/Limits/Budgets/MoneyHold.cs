using Gateway.Core;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Money held for one call in all accounts that it is paid from: taken from all of them or from none, settled exactly once, on whatever way
/// the call ends.
/// </summary>
internal sealed class MoneyHold
{
    private readonly HoldLine[] _lines;
    private int _isOpen = 1;

    private MoneyHold(HoldLine[] lines, long nanoUsd)
    {
        _lines = lines;
        Amount = Money.FromNanoUsd(nanoUsd);
    }

    /// <summary>What is held in each account.</summary>
    public Money Amount { get; private set; }

    /// <summary>The accounts, in the order of the scopes.</summary>
    public ReadOnlySpan<HoldLine> Lines => _lines;

    /// <summary>
    /// Whether some account enforces: then the amount is a true bound of the cost. Where only shadow budgets look on, nothing was changed
    /// to make it one.
    /// </summary>
    public bool IsBinding => Array.Exists(_lines, static l => l.IsEnforced);

    /// <summary>Whether a prepaid balance is among the accounts.</summary>
    public bool HoldsBalance => Array.Exists(_lines, static l => l.Account is BalanceAccount);

    /// <summary>
    /// Budget windows whose account could not be read, of a tier that fails open: nothing is held there, and the call is booked there all
    /// the same.
    /// </summary>
    public IReadOnlyList<BudgetCharge> PassedOver { get; set; } = [];

    /// <summary>Shadow budgets that would have refused the call; empty nearly always.</summary>
    public IReadOnlyList<HoldLine> ShadowHits { get; private init; } = [];

    /// <summary>Whether the call is not settled yet.</summary>
    public bool IsOpen => Volatile.Read(ref _isOpen) == 1;

    /// <summary>The budget windows that the call is booked in, for the ledger.</summary>
    public IReadOnlyList<BudgetCharge> Charges()
    {
        List<BudgetCharge>? charges = PassedOver.Count > 0 ? [.. PassedOver] : null;
        foreach (ref readonly var line in _lines.AsSpan())
        {
            if (line is { Account: BudgetAccount account, Budget.IsDefault: false })
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
    /// <param name="shortage">Who refuses, and what is left.</param>
    public static bool TryTake(HoldLine[] lines, Money amount, out MoneyHold? hold, out MoneyShortage shortage)
    {
        hold = null;
        shortage = default;
        LockAll(lines);
        try
        {
            var least = long.MaxValue;
            var (refused, leftOfRefused, heldOfRefused) = (-1, 0L, 0L);
            List<HoldLine>? shadow = null;
            for (var i = 0; i < lines.Length; i++)
            {
                var left = lines[i].Account.Available(lines[i]);
                if (!lines[i].IsEnforced)
                {
                    if (left < amount.NanoUsd && lines[i].Budget is not { IsOverridden: true })
                    {
                        (shadow ??= []).Add(lines[i]);
                    }
                    continue;
                }
                least = Math.Min(least, left);
                if (refused < 0 && left < amount.NanoUsd)
                {
                    (refused, leftOfRefused, heldOfRefused) = (i, left, lines[i].Account.HeldIn(lines[i]));
                }
            }
            if (refused >= 0)
            {
                shortage = new MoneyShortage(
                    lines[refused],
                    Money.FromNanoUsd(Math.Max(0, leftOfRefused)),
                    Money.FromNanoUsd(Math.Max(0, least)),
                    Money.FromNanoUsd(heldOfRefused)
                );
                return false;
            }
            foreach (ref readonly var line in lines.AsSpan())
            {
                line.Account.Hold(line, amount.NanoUsd);
            }
            hold = new MoneyHold(lines, lines.Length > 0 ? amount.NanoUsd : 0) { ShadowHits = shadow ?? (IReadOnlyList<HoldLine>)[] };
            return true;
        }
        finally
        {
            UnlockAll(lines);
        }
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
            foreach (ref readonly var line in _lines.AsSpan())
            {
                line.Account.Extend(line, more.NanoUsd);
            }
            Amount = Money.FromNanoUsd(Saturating.Add(Amount.NanoUsd, more.NanoUsd));
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
        foreach (ref readonly var line in _lines.AsSpan())
        {
            lock (line.Account.Gate)
            {
                line.Account.Settle(line, Amount.NanoUsd, cost.NanoUsd);
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
