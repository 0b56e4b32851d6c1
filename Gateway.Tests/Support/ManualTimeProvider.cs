namespace Gateway.Tests.Support;

/// <summary>
/// A clock that stands until it is moved. The monotonic time only goes forward; the wall clock can be set. Timers run on monotonic time,
/// inside <see cref="Advance"/>. Thread-safe.
/// </summary>
public sealed class ManualTimeProvider(DateTimeOffset? start = null) : TimeProvider
{
    private readonly Lock _lock = new();
    private readonly List<ManualTimer> _timers = [];
    private DateTimeOffset _utcNow = start ?? new DateTimeOffset(2026, 3, 10, 12, 0, 0, TimeSpan.Zero);
    private long _ticks;

    /// <inheritdoc />
    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    /// <inheritdoc />
    public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

    /// <inheritdoc />
    public override long GetTimestamp() => Interlocked.Read(ref _ticks);

    /// <inheritdoc />
    public override DateTimeOffset GetUtcNow()
    {
        lock (_lock)
        {
            return _utcNow;
        }
    }

    /// <summary>Lets time pass on both clocks and fires the timers that are due, each at its own time.</summary>
    public void Advance(TimeSpan time)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(time, TimeSpan.Zero);
        var end = GetTimestamp() + time.Ticks;
        while (NextDue(end) is { } timer)
        {
            timer.Fire();
        }
        MoveTo(end);
    }

    /// <summary>Sets the wall clock forward or, with a negative time, back. No time passes.</summary>
    public void ShiftUtc(TimeSpan time)
    {
        lock (_lock)
        {
            _utcNow += time;
        }
    }

    /// <summary>Sets the wall clock. No time passes.</summary>
    public void SetUtcNow(DateTimeOffset time)
    {
        lock (_lock)
        {
            _utcNow = time;
        }
    }

    /// <inheritdoc />
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new ManualTimer(this, () => callback(state));
        timer.Change(dueTime, period);
        return timer;
    }

    private void MoveTo(long ticks)
    {
        lock (_lock)
        {
            if (ticks > _ticks)
            {
                _utcNow += new TimeSpan(ticks - _ticks);
                Interlocked.Exchange(ref _ticks, ticks);
            }
        }
    }

    private ManualTimer? NextDue(long end)
    {
        ManualTimer? next;
        lock (_lock)
        {
            next = _timers.MinBy(t => t.DueAt);
            if (next is null || next.DueAt > end)
            {
                return null;
            }
            MoveTo(next.DueAt);
            next.Schedule();
        }
        return next;
    }

    private sealed class ManualTimer(ManualTimeProvider time, Action callback) : ITimer
    {
        private TimeSpan _period;

        public long DueAt { get; private set; }

        public void Fire() => callback();

        // Under the lock: the next time, or none.
        public void Schedule()
        {
            if (_period <= TimeSpan.Zero)
            {
                time._timers.Remove(this);
            }
            DueAt += _period.Ticks;
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
                _period = period;
                if (dueTime >= TimeSpan.Zero)
                {
                    DueAt = time._ticks + dueTime.Ticks;
                    time._timers.Add(this);
                }
            }
            return true;
        }

        public void Dispose()
        {
            lock (time._lock)
            {
                time._timers.Remove(this);
            }
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
