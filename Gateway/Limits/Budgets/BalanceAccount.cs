using Gateway.Core;
using Gateway.Core.Pricing;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Prepaid money of one user. The database's figure moves when records are written; what is settled here and not written yet is taken off
/// it, so that the balance is right at every moment, also while a deposit is read in.
/// </summary>
internal sealed class BalanceAccount(string userId) : MoneyAccount
{
    private long _stored; // the database's balance at the last reading
    private Int128 _unwritten; // settled here, not yet in the database's figure
    private Int128 _held;

    public string UserId { get; } = userId;

    public override long HeldNanoUsd
    {
        get
        {
            lock (Gate)
            {
                return Saturating.Of(_held);
            }
        }
    }

    /// <summary>Whether the database's figure is known here. Under <see cref="MoneyAccount.Gate"/>.</summary>
    public bool IsLoaded { get; private set; }

    /// <summary>Takes over the database's balance. Under <see cref="MoneyAccount.Gate"/>.</summary>
    public void Load(long storedNanoUsd)
    {
        _stored = storedNanoUsd;
        IsLoaded = true;
    }

    /// <summary>
    /// Charges have reached the database: they are in its figure now, and no longer apart. Under <see cref="MoneyAccount.Gate"/>.
    /// </summary>
    public void Confirm(long nanoUsd)
    {
        _unwritten -= nanoUsd;
        _stored = Saturating.Subtract(_stored, nanoUsd);
    }

    public override long Available(in HoldLine line) => Saturating.Of(_stored - _unwritten - _held);

    public override long HeldIn(in HoldLine line) => Saturating.Of(_held);

    public override void Hold(in HoldLine line, long nanoUsd)
    {
        _held += nanoUsd;
        OpenHolds++;
    }

    public override void Extend(in HoldLine line, long nanoUsd) => _held += nanoUsd;

    public override void Settle(in HoldLine line, long heldNanoUsd, long costNanoUsd)
    {
        _held -= heldNanoUsd;
        _unwritten += costNanoUsd;
        OpenHolds--;
    }

    /// <summary>Spent is shown as zero: a balance has only what is left (<see cref="Available"/>) and what is held.</summary>
    public override (Money Spent, Money Held) Read(in HoldLine line)
    {
        lock (Gate)
        {
            return (Money.Zero, Money.FromNanoUsd(Saturating.Of(_held)));
        }
    }
}
