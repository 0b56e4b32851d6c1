namespace Gateway.Core.Storage;

/// <summary>
/// How times are stored: UTC, whole microseconds (what PostgreSQL keeps), so that a time read back equals the one written.
/// </summary>
public static class UtcTime
{
    /// <summary>The time as the database keeps it: rounded down to a microsecond.</summary>
    /// <exception cref="ArgumentException">The time is not UTC.</exception>
    public static DateTime ToStored(DateTime time) =>
        time.Kind == DateTimeKind.Utc
            ? new DateTime(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond), DateTimeKind.Utc)
            : throw new ArgumentException("Only UTC times are stored.", nameof(time));

    /// <summary>Now, as the database keeps it.</summary>
    public static DateTime UtcNow(this TimeProvider time) => ToStored(time.GetUtcNow().UtcDateTime);

    /// <summary>The start of the hour (UTC).</summary>
    public static DateTime HourOf(DateTime time) => new(time.Year, time.Month, time.Day, time.Hour, 0, 0, DateTimeKind.Utc);

    /// <summary>The start of the day (UTC).</summary>
    public static DateTime DayOf(DateTime time) => new(time.Year, time.Month, time.Day, 0, 0, 0, DateTimeKind.Utc);

    /// <summary>A time as the ledger's tables have it: whole microseconds since 1970, rounded down.</summary>
    /// <exception cref="ArgumentException">The time is not UTC.</exception>
    public static long ToMicroseconds(DateTime time) => MicrosecondsBetween(DateTime.UnixEpoch, ToStored(time));

    /// <summary>The time of <see cref="ToMicroseconds"/>.</summary>
    public static DateTime OfMicroseconds(long microseconds) => After(DateTime.UnixEpoch, microseconds);

    /// <summary>From one time to another as they are stored.</summary>
    public static long MicrosecondsBetween(DateTime from, DateTime until) =>
        (until.Ticks / TimeSpan.TicksPerMicrosecond) - (from.Ticks / TimeSpan.TicksPerMicrosecond);

    /// <summary>A time some microseconds after another.</summary>
    public static DateTime After(DateTime time, long microseconds) => time.AddTicks(microseconds * TimeSpan.TicksPerMicrosecond);

    /// <inheritdoc cref="After"/>
    /// <returns>Null when the microseconds are null.</returns>
    public static DateTime? AfterOrNull(DateTime time, long? microseconds) => microseconds is { } after ? After(time, after) : null;
}
