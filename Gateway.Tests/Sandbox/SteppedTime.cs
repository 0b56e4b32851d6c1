namespace Gateway.Tests.Sandbox;

/// <summary>A clock that stands still until it is told to go on, for scripted delays. Safe for many threads.</summary>
internal sealed class SteppedTime : TimeProvider
{
    private readonly Lock _gate = new();
    private readonly List<SteppedTimer> _timers = [];
    private DateTimeOffset _now = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);
    private TaskCompletionSource _timerAdded = NewSignal();

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow()
    {
        lock (_gate)
        {
            return _now;
        }
    }

    public override long GetTimestamp() => GetUtcNow().UtcTicks;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        lock (_gate)
        {
            var timer = new SteppedTimer(this, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }
    }

    /// <summary>Moves the clock, after somebody waits for it.</summary>
    public async Task StepAsync(TimeSpan by)
    {
        await WaitForTimerAsync();
        Action[] due;
        lock (_gate)
        {
            _now += by;
            var ripe = _timers.Where(timer => timer.DueAt <= _now).ToList();
            _timers.RemoveAll(ripe.Contains);
            due = [.. ripe.Select(timer => timer.Fire)];
        }
        foreach (var fire in due)
        {
            fire();
        }
    }

    /// <summary>Completes when somebody waits for the clock.</summary>
    public async Task WaitForTimerAsync()
    {
        while (true)
        {
            Task added;
            lock (_gate)
            {
                if (_timers.Count > 0)
                {
                    return;
                }
                added = _timerAdded.Task;
            }
            await added.WaitAsync(TimeSpan.FromSeconds(10));
        }
    }

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private sealed class SteppedTimer(SteppedTime clock, Action fire) : ITimer
    {
        public DateTimeOffset DueAt { get; private set; }

        public Action Fire => fire;

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            lock (clock._gate)
            {
                clock._timers.Remove(this);
                if (dueTime == Timeout.InfiniteTimeSpan)
                {
                    return true;
                }
                DueAt = clock._now + dueTime;
                clock._timers.Add(this);
                clock._timerAdded.TrySetResult();
                clock._timerAdded = NewSignal();
                return true;
            }
        }

        public void Dispose() => Change(Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
