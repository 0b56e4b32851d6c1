using Gateway.Core.Quotas;

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
    private TaskCompletionSource? _load;
    private int _lastUse;
    private State _state;

    /// <summary>What it counts.</summary>
    public CounterKey Key { get; } = key;

    /// <summary>Its place in the order in which several are locked.</summary>
    public long Ordinal { get; } = ordinal;

    /// <summary>Calls in flight.</summary>
    public int InFlight { get; private set; }

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
    }

    /// <summary>Its body was read, or given up.</summary>
    public void Leave(int second)
    {
        InFlight--;
        _lastUse = second;
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
    }

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
    public void EndLoad(in WindowInstant now, int day, PastUsage past)
    {
        foreach (var calls in past.Recent.OrderBy(c => c.AdmittedAt))
        {
            var age = now.Utc - (calls.AdmittedAt + RecordPrecision);
            var second = age <= TimeSpan.Zero ? now.Second : (int)Math.Floor(-(now.Until(0) + age) / TimeSpan.FromSeconds(1));
            _minute.Add(second, calls.Requests, calls.Tokens, 0);
        }
        _day.Advance(day);
        _day.Add(day, past.DayRequests, past.DayTokens, 0);
        if (HasMonth)
        {
            _month.Advance(WindowInstant.MonthOf(day));
            _month.Add(WindowInstant.MonthOf(day), 0, past.MonthTokens, 0);
        }
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

    private bool HasMonth => Key is { Scope: QuotaScope.User, ModelId: null };

    private enum State : byte
    {
        New,
        Ready,
        Retired,
    }
}
