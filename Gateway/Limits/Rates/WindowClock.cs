namespace Gateway.Limits.Rates;

/// <summary>
/// The time as windows see it. Minutes run on monotonic time, so that a clock that is set does not touch them. Days follow the wall clock, but only forwards: the
/// latest day that this process saw stays in force when the clock is set back, or the day would be handed out twice. Thread-safe.
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

/// <summary>One moment on both clocks.</summary>
/// <param name="Second">Whole monotonic seconds.</param>
/// <param name="Fraction">The rest of the second in ticks of 100 ns.</param>
/// <param name="Day">The day that counts, in days since 0001-01-01 UTC; later than the wall clock's after that was set back.</param>
/// <param name="Utc">The wall clock.</param>
internal readonly record struct WindowInstant(int Second, int Fraction, int Day, DateTime Utc)
{
    /// <summary>The start of the day that counts.</summary>
    public DateTime DayStart => new(Day * TimeSpan.TicksPerDay, DateTimeKind.Utc);

    /// <summary>When the next day begins.</summary>
    public DateTime DayEnd => new((Day + 1) * TimeSpan.TicksPerDay, DateTimeKind.Utc);

    /// <summary>The month of the day that counts, in months since the year 0.</summary>
    public int Month => MonthOf(Day);

    /// <summary>The start of the month that counts.</summary>
    public DateTime MonthStart => DayStart.AddDays(1 - DayStart.Day);

    /// <summary>When the next month begins.</summary>
    public DateTime MonthEnd => MonthStart.AddMonths(1);

    /// <summary>The month of a day.</summary>
    public static int MonthOf(int day)
    {
        var date = new DateTime(day * TimeSpan.TicksPerDay, DateTimeKind.Utc);
        return (date.Year * 12) + date.Month;
    }

    /// <summary>Time until the next day begins.</summary>
    public TimeSpan UntilDayEnd => DayEnd - Utc;

    /// <summary>The wall clock, but within the day that counts: a ledger that groups by it finds the same days.</summary>
    public DateTime CountedAt => Utc >= DayStart ? Utc : DayStart;

    /// <summary>Time until a monotonic second begins.</summary>
    public TimeSpan Until(int second) => new(((second - Second) * TimeSpan.TicksPerSecond) - Fraction);
}
