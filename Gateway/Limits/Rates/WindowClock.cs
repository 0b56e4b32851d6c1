namespace Gateway.Limits.Rates;

/// <summary>
/// The time as windows see it. Minutes run on monotonic time, so that a clock that is set does not touch them. Days follow the wall clock,
/// but only forwards: the latest day that this process saw stays in force when the clock is set back, or the day would be handed out twice.
/// Thread-safe.
/// </summary>
internal sealed class WindowClock(TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly long _frequency = time.TimestampFrequency;
    private int _latestDay = int.MinValue;

    /// <summary>Whole seconds since this object was made, monotonic.</summary>
    public int Second => SecondOf(time.GetTimestamp());

    /// <summary>Now. Counters read it under their lock, so that time never runs backwards for them.</summary>
    public WindowInstant Now()
    {
        var second = Math.DivRem(time.GetTimestamp() - _start, _frequency, out var rest);
        var utc = time.GetUtcNow().UtcDateTime;
        var day = LatestDay((int)(utc.Ticks / TimeSpan.TicksPerDay));
        return new WindowInstant((int)second, (int)(rest * TimeSpan.TicksPerSecond / _frequency), day, utc);
    }

    /// <summary>The second that a timestamp of the same time provider is in.</summary>
    public int SecondOf(long timestamp) => (int)((timestamp - _start) / _frequency);

    private int LatestDay(int day)
    {
        var latest = Volatile.Read(ref _latestDay);
        while (day > latest)
        {
            var seen = Interlocked.CompareExchange(ref _latestDay, day, latest);
            if (seen == latest)
            {
                return day;
            }
            latest = seen;
        }
        return latest;
    }
}
