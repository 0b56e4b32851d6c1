using System.Diagnostics.CodeAnalysis;
using Gateway.Core;
using Gateway.Core.Pricing;
using Gateway.Core.Quotas;

namespace Gateway.Limits.Budgets;

/// <summary>
/// What this node knows of one budget (of a tier's budget: for one user): per window what is settled and what is held. The cap is not here:
/// it comes with each call, so that a changed one acts at the next call.
/// </summary>
internal sealed class BudgetAccount(string budgetId, string subjectId) : MoneyAccount
{
    // The current window, and older ones that still have calls in flight or had them a moment ago: nearly always one or two.
    private readonly List<Window> _windows = [];

    public string BudgetId { get; } = budgetId;

    public string SubjectId { get; } = subjectId;

    /// <summary>
    /// The budget as the last call knew it: for those who watch, not for those who pay. Under <see cref="MoneyAccount.Gate"/>.
    /// </summary>
    public Budget? LastTerms { get; set; }

    public override long HeldNanoUsd
    {
        get
        {
            lock (Gate)
            {
                Int128 held = 0;
                foreach (var window in _windows)
                {
                    held += window.Held;
                }
                return Saturating.Of(held);
            }
        }
    }

    /// <summary>
    /// Whether a window's spend is known here; then it is kept until it was idle for as long as an idle account. Under
    /// <see cref="MoneyAccount.Gate"/>.
    /// </summary>
    /// <param name="windowStart">The window.</param>
    /// <param name="timestamp">Now.</param>
    public bool Knows(DateTime windowStart, long timestamp)
    {
        if (Find(windowStart) is not { } window)
        {
            return false;
        }
        window.LastUsed = timestamp;
        return true;
    }

    /// <summary>
    /// Takes over a window's spend from the database; does nothing when the window is known already. Under <see cref="MoneyAccount.Gate"/>.
    /// </summary>
    public void Load(DateTime windowStart, StoredSpend stored, long timestamp)
    {
        if (Find(windowStart) is null)
        {
            _windows.Add(
                new Window
                {
                    Start = windowStart,
                    Spent = stored.NanoUsd,
                    Revision = stored.Revision,
                    LastUsed = timestamp,
                }
            );
        }
    }

    /// <summary>
    /// Adds what was booked in a window past this node. Does nothing when the window is not known here, or knows of it: from its reading,
    /// or from being told before. Under <see cref="MoneyAccount.Gate"/>.
    /// </summary>
    public void Raise(DateTime windowStart, long nanoUsd, long revision)
    {
        if (Find(windowStart) is { } window && window.Revision < revision)
        {
            (window.Spent, window.Revision) = (Saturating.Add(window.Spent, nanoUsd), revision);
        }
    }

    /// <summary>
    /// Forgets windows that nobody asked for since a moment, that hold nothing and whose calls are in the database. Never at once when
    /// another begins: a call may have asked for its window and not yet taken its hold. Under <see cref="MoneyAccount.Gate"/>.
    /// </summary>
    /// <param name="before">Who was asked for later is in use.</param>
    /// <param name="now">This moment.</param>
    /// <param name="writtenThrough">What was settled before this moment is in the database.</param>
    public void ForgetWindows(long before, long now, long writtenThrough)
    {
        foreach (var window in _windows)
        {
            window.IdleSince = window.OpenHolds > 0 || window.LastUsed >= before ? null : window.IdleSince ?? now;
        }
        _windows.RemoveAll(w => w.IdleSince <= writtenThrough);
    }

    public override long Available(in HoldLine line)
    {
        var window = Require(line.WindowStart);
        // Never round the end: the next call would pass
        return Saturating.Of((Int128)line.Budget!.Cap.NanoUsd - window.Spent - window.Held);
    }

    public override long HeldIn(in HoldLine line) => Saturating.Of(Require(line.WindowStart).Held);

    public override void Hold(in HoldLine line, long nanoUsd)
    {
        var window = Require(line.WindowStart);
        window.Held += nanoUsd;
        window.OpenHolds++;
        OpenHolds++;
    }

    public override void Extend(in HoldLine line, long nanoUsd) => Require(line.WindowStart).Held += nanoUsd;

    public override void Settle(in HoldLine line, long heldNanoUsd, long costNanoUsd)
    {
        var window = Require(line.WindowStart);
        window.Held -= heldNanoUsd;
        window.Spent = Saturating.Add(window.Spent, costNanoUsd);
        window.OpenHolds--;
        OpenHolds--;
    }

    /// <summary>Takes something off what was spent in a window, if it is known here. Under <see cref="MoneyAccount.Gate"/>.</summary>
    public void Lower(DateTime windowStart, long nanoUsd)
    {
        if (Find(windowStart) is { } window)
        {
            window.Spent = Saturating.Subtract(window.Spent, nanoUsd);
        }
    }

    /// <summary>Spent and held of a window, from one consistent reading; false when the window is not known here.</summary>
    public bool TryRead(DateTime windowStart, out long spentNanoUsd, out long heldNanoUsd)
    {
        lock (Gate)
        {
            var window = Find(windowStart);
            (spentNanoUsd, heldNanoUsd) = (window?.Spent ?? 0, Saturating.Of(window?.Held ?? 0));
            return window is not null;
        }
    }

    /// <summary>The budget as last seen and the spend of its newest window; false when no window is known.</summary>
    public bool TryReadNewest([NotNullWhen(true)] out Budget? budget, out long spentNanoUsd)
    {
        lock (Gate)
        {
            var newest = _windows.MaxBy(static w => w.Start);
            (budget, spentNanoUsd) = (newest is null ? null : LastTerms, newest?.Spent ?? 0);
            return budget is not null;
        }
    }

    public override (Money Spent, Money Held) Read(in HoldLine line)
    {
        lock (Gate)
        {
            return Find(line.WindowStart) is { } window
                ? (Money.FromNanoUsd(window.Spent), Money.FromNanoUsd(Saturating.Of(window.Held)))
                : default;
        }
    }

    /// <summary>
    /// The highest of the thresholds (percent of the cap) that this window's spend has reached and that was not reported before; 0 when
    /// none. Under <see cref="MoneyAccount.Gate"/>.
    /// </summary>
    public int TakeThreshold(in HoldLine line, ReadOnlySpan<int> thresholds)
    {
        if (Find(line.WindowStart) is not { } window)
        {
            return 0; // its last call was settled long ago
        }
        var reached = 0;
        foreach (var threshold in thresholds)
        {
            if ((Int128)window.Spent * 100 >= (Int128)line.Budget!.Cap.NanoUsd * threshold)
            {
                reached = threshold;
            }
        }
        if (reached <= window.ReportedThreshold)
        {
            return 0;
        }
        window.ReportedThreshold = reached;
        return reached;
    }

    private Window? Find(DateTime start)
    {
        foreach (var window in _windows)
        {
            if (window.Start == start)
            {
                return window;
            }
        }
        return null;
    }

    private Window Require(DateTime start) =>
        Find(start) ?? throw new InvalidOperationException($"The window {start:O} of budget {BudgetId} was not loaded.");

    private sealed class Window
    {
        public DateTime Start;
        public long Spent;
        public long Revision; // what other writers booked up to here is in Spent
        public Int128 Held; // what was added is taken off again: it must not stop at an end
        public int OpenHolds;
        public int ReportedThreshold;
        public long LastUsed;
        public long? IdleSince; // as MoneyAccount.IdleSince
    }
}
