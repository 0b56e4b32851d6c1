using System.Globalization;
using System.Text.RegularExpressions;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Times from outside: ISO 8601 with <c>Z</c> or an offset, in either case; without either they are UTC. A bare date is its beginning. A
/// fraction may have any number of
/// digits; what is finer than 100 ns is dropped.
/// </summary>
internal static partial class IsoTime
{
    /// <summary>What is expected, for sentences.</summary>
    public const string Expected = "must be an ISO 8601 time such as 2026-01-05T10:00:00Z";

    private const int TickDigits = 7;

    public static bool TryParse(string text, out DateTime utc) => TryParse(text, out utc, out _);

    /// <summary>Reads a time.</summary>
    /// <param name="text">The text.</param>
    /// <param name="utc">The time in UTC.</param>
    /// <param name="mistake">What is wrong with the text, as the end of a sentence that begins with the member's name.</param>
    public static bool TryParse(string text, out DateTime utc, out string mistake)
    {
        utc = default;
        var match = Form().Match(text);
        mistake = match.Success ? MistakeIn(match) : Expected;
        if (mistake.Length > 0)
        {
            return false;
        }
        var (year, month, day) = (Number(match, "year"), Number(match, "month"), Number(match, "day"));
        var local = new DateTime(
            year,
            month,
            day,
            Number(match, "hour"),
            Number(match, "minute"),
            Number(match, "second"),
            DateTimeKind.Utc
        ).AddTicks(Ticks(match.Groups["fraction"].Value));
        var ticks = local.Ticks - OffsetOf(match).Ticks;
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
        {
            mistake = "must be within the years 1 to 9999 in UTC";
            return false;
        }
        utc = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static string MistakeIn(Match match)
    {
        var (year, month, day) = (Number(match, "year"), Number(match, "month"), Number(match, "day"));
        return year == 0 ? "has the year 0000; the first one is 0001"
            : month is < 1 or > 12 ? $"has the month {match.Groups["month"].Value}; months are 01 to 12"
            : day < 1 || day > DateTime.DaysInMonth(year, month)
                ? $"has the day {match.Groups["day"].Value}; {year:0000}-{month:00} has {DateTime.DaysInMonth(year, month)} days"
            : Number(match, "hour") > 23 ? $"has the hour {match.Groups["hour"].Value}; hours are 00 to 23"
            : Number(match, "minute") > 59 ? $"has the minute {match.Groups["minute"].Value}; minutes are 00 to 59"
            : Number(match, "second") > 59 ? $"has the second {match.Groups["second"].Value}; seconds are 00 to 59"
            : Number(match, "offsetHour") > 14 || Number(match, "offsetMinute") > 59
                ? $"has the offset {match.Groups["zone"].Value.Trim()}; offsets are -14:00 to +14:00"
            : "";
    }

    private static TimeSpan OffsetOf(Match match)
    {
        var offset = new TimeSpan(Number(match, "offsetHour"), Number(match, "offsetMinute"), 0);
        return match.Groups["sign"].Value is "-" or "\u2212" ? -offset : offset;
    }

    private static long Ticks(string fraction) =>
        fraction.Length == 0
            ? 0
            : long.Parse(
                fraction[..Math.Min(fraction.Length, TickDigits)].PadRight(TickDigits, '0'),
                NumberStyles.None,
                CultureInfo.InvariantCulture
            );

    private static int Number(Match match, string group) =>
        match.Groups[group] is { Success: true } found ? int.Parse(found.Value, NumberStyles.None, CultureInfo.InvariantCulture) : 0;

    // A blank stands for the + of an offset: a query that does not escape it has one there.
    [GeneratedRegex(
        @"^(?<year>[0-9]{4})-(?<month>[0-9]{2})-(?<day>[0-9]{2})"
            + @"([Tt ](?<hour>[0-9]{2}):(?<minute>[0-9]{2})(:(?<second>[0-9]{2})([.,](?<fraction>[0-9]{1,64}))?)?"
            + @"(?<zone>[Zz]|(?<sign>[-+ \u2212])(?<offsetHour>[0-9]{2})(:?(?<offsetMinute>[0-9]{2}))?)?)?\z"
    )]
    private static partial Regex Form();
}
