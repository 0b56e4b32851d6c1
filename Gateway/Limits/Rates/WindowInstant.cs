namespace Gateway.Limits.Rates;

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
