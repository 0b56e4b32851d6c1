using Gateway.Core.Quotas;
using Gateway.Core.Storage.Entities;

namespace Gateway.Limits.Rates;

/// <summary>
/// What traffic has used of one scope: minute, UTC day and month, and calls in flight. It counts all of them whatever limits stand, so that
/// a limit made later finds its counts. It is its own lock (<c>lock (counters)</c>: no further memory); every member but the readonly ones
/// needs it. Who locks several does so by <see cref="Ordinal"/>.
/// </summary>
internal sealed class ScopeCounters(CounterKey key, long ordinal)
{
    // The database keeps whole microseconds, rounded down: a call may have been this much later than its record says.
    private static readonly TimeSpan RecordPrecision = new(TimeSpan.TicksPerMicrosecond - 1);

    private MinuteWindow _minute;
    private PeriodWindow _day;
    private PeriodWindow _month; // of users alone: nothing else has a limit of the month

    // The part of these that history told of, and no node that serves: each node counts it for itself, and tells it to nobody.
    private MinuteWindow _pastMinute;
    private PeriodWindow _pastDay;
    private PeriodWindow _pastMonth;
    private TaskCompletionSource? _load;
    private int _lastUse;
    private State _state;

    /// <summary>What it counts.</summary>
    public CounterKey Key { get; } = key;

    /// <summary>Its place in the order in which several are locked.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>Calls in flight.</summary>
    public int InFlight { get; private set; }

    /// <summary>What other nodes count too; null: this one is alone.</summary>
    public SharedWindows? Shared { get; private set; }

    /// <summary>Whether its counts are true: read from history, and not evicted.</summary>
    public bool IsReady => _state == State.Ready;

    /// <summary>Whether it was evicted: another object has taken its place, or will.</summary>
    public bool IsRetired => _state == State.Retired;

    /// <summary>The last minute, as of the last <see cref="Advance"/>.</summary>
    public ref readonly MinuteWindow Minute => ref _minute;

    /// <summary>The day, as of the last <see cref="Advance"/>.</summary>
    public ref readonly PeriodWindow Day => ref _day;

    /// <summary>The month of a user, as of the last <see cref="Advance"/>.</summary>
    public ref readonly PeriodWindow Month => ref _month;

    /// <summary>Lets go what has left the windows.</summary>
    public void Advance(in WindowInstant now)
    {
        _minute.Advance(now.Second);
        _day.Advance(now.Day);
        if (HasMonth)
        {
            _month.Advance(now.Month);
        }
        if (Shared is not null)
        {
            AdvancePast(now);
        }
    }

    /// <summary>Counts a call with the tokens that it is likely to use.</summary>
    public void Take(in WindowInstant now, long estimate)
    {
        _minute.Add(now.Second, 1, estimate, estimate);
        _day.Add(now.Day, 1, estimate, estimate);
        if (HasMonth)
        {
            _month.Add(now.Month, 1, estimate, estimate);
        }
        InFlight++;
        _lastUse = now.Second;
        Shared?.Took(estimate);
    }

    /// <summary>Counts tokens of a call that was counted before. What is not read from history yet is there.</summary>
    public void Count(in WindowInstant now, long tokens)
    {
        if (!IsReady)
        {
            return;
        }
        Advance(now);
        _minute.Add(now.Second, 0, tokens, 0);
        _day.Add(now.Day, 0, tokens, 0);
        if (HasMonth)
        {
            _month.Add(now.Month, 0, tokens, 0);
        }
        _lastUse = now.Second;
    }

    /// <summary>A call whose body is being read is in flight already, and counts as nothing else.</summary>
    public void Enter(in WindowInstant now)
    {
        InFlight++;
        _lastUse = now.Second;
        Shared?.Touch();
    }

    /// <summary>Its body was read, or given up.</summary>
    public void Leave(int second)
    {
        InFlight--;
        _lastUse = second;
        Shared?.Touch();
    }

    /// <summary>
    /// Ends a call that was counted at <paramref name="taken"/>: corrects its tokens there, and its request when it does not count.
    /// </summary>
    public void Settle(in WindowInstant taken, long estimate, LeaseEnd end, int second)
    {
        var requests = end.IsCounted ? 0 : -1;
        var correction = (end.Tokens ?? estimate) - estimate;
        _minute.Correct(taken.Second, requests, correction, -estimate);
        _day.Add(taken.Day, requests, correction, -estimate);
        if (HasMonth)
        {
            _month.Add(taken.Month, requests, correction, -estimate);
        }
        InFlight--;
        _lastUse = second;
        Shared?.Touch();
    }

    /// <summary>Other nodes serve too: counts are shared with them from now on.</summary>
    /// <param name="desk">Where they are laid down for the exchange.</param>
    /// <param name="others">What other nodes told of this caller.</param>
    public void Share(SharingDesk desk, IEnumerable<WindowShare> others)
    {
        if (Shared is not null)
        {
            return;
        }
        Shared = new SharedWindows(this, desk);
        foreach (var other in others)
        {
            Shared.Hear(other);
        }
        Shared.Touch();
    }

    /// <summary>No other node serves any more: what they used of the day and the month stays counted.</summary>
    public void Unshare(in WindowInstant now)
    {
        if (Shared is not { } shared)
        {
            return;
        }
        Advance(now);
        Shared = null;
        var (requests, tokens) = (shared.OthersOf(LimitWindow.RequestsPerDay), shared.OthersOf(LimitWindow.TokensPerDay));
        AddToDay(ref _day, now.Day, requests, tokens);
        AddToDay(ref _pastDay, now.Day, requests, tokens);
        if (HasMonth)
        {
            AddToDay(ref _month, now.Month, 0, shared.OthersOf(LimitWindow.TokensPerMonth));
            AddToDay(ref _pastMonth, now.Month, 0, shared.OthersOf(LimitWindow.TokensPerMonth));
        }
    }

    /// <summary>What history told of a window, and no node that serves.</summary>
    public long PastOf(LimitWindow window) =>
        window switch
        {
            LimitWindow.RequestsPerMinute => _pastMinute.Requests,
            LimitWindow.TokensPerMinute => _pastMinute.Tokens,
            LimitWindow.RequestsPerDay => _pastDay.Requests,
            LimitWindow.TokensPerDay => _pastDay.Tokens,
            LimitWindow.TokensPerMonth => _pastMonth.Tokens,
            _ => 0,
        };

    /// <summary>What this node let in itself, for others to hear.</summary>
    public WindowShare Own(string node, in WindowInstant now) =>
        new()
        {
            Counter = Key.ToText(),
            Node = node,
            MinuteRequests = _minute.Requests - _pastMinute.Requests,
            MinuteTokens = _minute.Tokens - _pastMinute.Tokens,
            Day = now.Day,
            DayRequests = _day.Requests - _pastDay.Requests,
            DayTokens = _day.Tokens - _pastDay.Tokens,
            Month = now.Month,
            MonthTokens = _month.Tokens - _pastMonth.Tokens,
            InFlight = InFlight,
            HeldTokens = _minute.HeldTokens,
        };

    /// <summary>Begins the one load of its history, or joins it.</summary>
    /// <param name="isFirst">Whether the caller has to do it.</param>
    /// <returns>The load; null when there is nothing to load.</returns>
    public TaskCompletionSource? JoinLoad(out bool isFirst)
    {
        isFirst = _state == State.New && _load is null;
        if (isFirst)
        {
            _load = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }
        return _load;
    }

    /// <summary>
    /// Ends the load with what was read of the day given. Records know the wall clock alone: after that was set back, past calls can look
    /// like calls of now and stay a minute longer, which errs on the safe side.
    /// </summary>
    /// <param name="now">Now.</param>
    /// <param name="day">The day that was read.</param>
    /// <param name="past">What the ledger told of all nodes.</param>
    /// <param name="told">What nodes told of calls that they let in; such a call that has ended stands in the ledger too.</param>
    /// <param name="node">This node; what it told itself is its own again.</param>
    public void EndLoad(in WindowInstant now, int day, PastUsage past, IReadOnlyList<WindowShare> told, string? node)
    {
        var month = WindowInstant.MonthOf(day);
        var (requests, tokens) = (told.Sum(t => t.MinuteRequests - t.InFlight), told.Sum(t => t.MinuteTokens - t.HeldTokens));
        foreach (var calls in past.Recent.OrderBy(c => c.AdmittedAt))
        {
            var age = now.Utc - (calls.AdmittedAt + RecordPrecision);
            var second = age <= TimeSpan.Zero ? now.Second : (int)Math.Floor(-(now.Until(0) + age) / TimeSpan.FromSeconds(1));
            var (newRequests, newTokens) = (TakeOff(calls.Requests, ref requests), TakeOff(calls.Tokens, ref tokens));
            _minute.Add(second, newRequests, newTokens, 0);
            _pastMinute.Add(second, newRequests, newTokens, 0);
        }
        var today = told.Where(t => t.Day == day).ToList();
        var own = today.Find(t => t.Node == node);
        var pastRequests = Math.Max(0, past.DayRequests - today.Sum(t => t.DayRequests - t.InFlight));
        var pastTokens = Math.Max(0, past.DayTokens - today.Sum(t => t.DayTokens - t.HeldTokens));
        AddToDay(ref _pastDay, day, pastRequests, pastTokens);
        AddToDay(ref _day, day, pastRequests + (own?.DayRequests ?? 0), pastTokens + (own?.DayTokens ?? 0));
        if (HasMonth)
        {
            var thisMonth = told.Where(t => t.Month == month).ToList();
            var pastMonth = Math.Max(0, past.MonthTokens - thisMonth.Sum(t => t.MonthTokens - t.HeldTokens));
            AddToDay(ref _pastMonth, month, 0, pastMonth);
            AddToDay(ref _month, month, 0, pastMonth + (thisMonth.Find(t => t.Node == node)?.MonthTokens ?? 0));
        }
        AdvancePast(now);
        Advance(now);
        _lastUse = now.Second;
        (_state, _load) = (State.Ready, null);
    }

    /// <summary>Ends the load without a result: the next use tries again.</summary>
    public void FailLoad() => _load = null;

    /// <summary>Evicts it when nothing is in flight or in the last minute, and history has all that it counted.</summary>
    /// <param name="second">Now.</param>
    /// <param name="writtenThrough">Calls released before this second are in history.</param>
    public bool TryRetire(int second, int writtenThrough)
    {
        _minute.Advance(second);
        _minute.Trim();
        var isIdle = _load is null && InFlight == 0 && _minute.IsEmpty && _lastUse + MinuteWindow.Length <= second;
        if (!isIdle || (_state == State.Ready && _lastUse >= writtenThrough))
        {
            return false;
        }
        _state = State.Retired;
        return true;
    }

    private void AdvancePast(in WindowInstant now)
    {
        _pastMinute.Advance(now.Second);
        _pastDay.Advance(now.Day);
        _pastMonth.Advance(now.Month);
    }

    private static void AddToDay(ref PeriodWindow window, int number, long requests, long tokens)
    {
        window.Advance(number);
        window.Add(number, requests, tokens, 0);
    }

    // What is left of a figure when others' part of it is taken off.
    private static long TakeOff(long figure, ref long others)
    {
        var taken = Math.Clamp(others, 0, figure);
        others -= taken;
        return figure - taken;
    }

    private bool HasMonth => Key is { Scope: QuotaScope.User, ModelId: null };

    private enum State : byte
    {
        New,
        Ready,
        Retired,
    }
}
