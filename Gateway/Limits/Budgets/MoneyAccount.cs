using Gateway.Core.Pricing;

namespace Gateway.Limits.Budgets;

/// <summary>
/// Something that calls are paid from: one window series of a budget, or a prepaid balance. Takes from what was granted to this node (with
/// one node: the whole remainder), never from the database. Accounts of one call are locked in the order of <see cref="Order"/>, so that
/// holds are all or none without deadlock.
/// </summary>
internal abstract class MoneyAccount
{
    private static long _lastOrder;

    /// <summary>The place in the order of locking; unique.</summary>
    public long Order { get; } = Interlocked.Increment(ref _lastOrder);

    /// <summary>Guards the account. Held for a few additions, never across a wait.</summary>
    public Lock Gate { get; } = new();

    /// <summary>Calls in flight that hold from this account; an account with some is never forgotten.</summary>
    public int OpenHolds { get; protected set; }

    /// <summary>
    /// When the account was last asked for (<see cref="TimeProvider.GetTimestamp"/>): idle ones are forgotten, and read again from the
    /// database at need.
    /// </summary>
    public long LastUsed { get; set; }

    /// <summary>
    /// When the account was first seen idle, with nothing held: whatever was paid from it was settled, and given to the writer, before.
    /// Null while it is in use. Under <see cref="Gate"/>.
    /// </summary>
    public long? IdleSince { get; set; }

    /// <summary>Set when the account was forgotten: who finds it so asks for another. Under <see cref="Gate"/>.</summary>
    public bool IsRetired { get; set; }

    /// <summary>A reading from the database that is under way; all who need it wait for the same one. Under <see cref="Gate"/>.</summary>
    public Task? Loading { get; set; }

    /// <summary>What calls in flight hold, nano-dollars.</summary>
    public abstract long HeldNanoUsd { get; }

    /// <summary>What could still be held, in nano-dollars; may be negative. Under <see cref="Gate"/>.</summary>
    /// <param name="line">The terms of the call that asks.</param>
    public abstract long Available(in HoldLine line);

    /// <summary>What calls in flight hold of what the call asks for, nano-dollars. Under <see cref="Gate"/>.</summary>
    public abstract long HeldIn(in HoldLine line);

    /// <summary>Takes an amount away. Under <see cref="Gate"/>.</summary>
    public abstract void Hold(in HoldLine line, long nanoUsd);

    /// <summary>Gives a hold back and books what the call really cost. Under <see cref="Gate"/>.</summary>
    public abstract void Settle(in HoldLine line, long heldNanoUsd, long costNanoUsd);

    /// <summary>Takes more for a call that holds already. Under <see cref="Gate"/>.</summary>
    public abstract void Extend(in HoldLine line, long nanoUsd);

    /// <summary>Spent and held, from one consistent reading.</summary>
    public abstract (Money Spent, Money Held) Read(in HoldLine line);
}
