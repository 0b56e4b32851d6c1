using System.Globalization;

namespace Gateway.Core.Quotas;

/// <summary>
/// When windows of a budget begin and end: a function of the clock, so that no job has to run on time. Calendar periods (<c>daily</c>,
/// <c>weekly</c> from Monday, <c>monthly</c>, <c>yearly</c>) begin at UTC boundaries, or at the anchor when one is given; durations
/// (<c>30d</c>, <c>12h</c>, <c>2w</c>, <c>1mo</c>, <c>1y</c>) repeat from the anchor; <c>never</c> is one window for ever.
/// </summary>
public sealed record BudgetPeriod
{
    private const int LongestMonths = 1_200;

    private static readonly TimeSpan Longest = TimeSpan.FromDays(36_500);
    private static readonly DateTime Epoch = DateTime.UnixEpoch;

    private readonly TimeSpan _span; // zero: months
    private readonly int _months; // zero: a span; both zero: for ever
    private readonly DateTime _anchor; // a boundary, UTC

    private BudgetPeriod(string text, TimeSpan span, int months, DateTime anchor)
    {
        Text = text;
        _span = span;
        _months = months;
        _anchor = anchor;
    }

    /// <summary>As it was given: <c>monthly</c>, <c>30d</c>, ...</summary>
    public string Text { get; }

    /// <summary>True when there is one window for ever.</summary>
    public bool IsForever => _span == TimeSpan.Zero && _months == 0;

    /// <summary>Reads a period.</summary>
    /// <param name="text">The text; null or <c>never</c>: for ever.</param>
    /// <param name="resetAt">A boundary that an admin chose, UTC; null: the calendar's, or for durations
    /// <paramref name="createdAt"/>.</param>
    /// <param name="createdAt">When the budget was made, UTC.</param>
    /// <param name="period">The period.</param>
    /// <returns>False when the text is no period.</returns>
    public static bool TryParse(string? text, DateTime? resetAt, DateTime createdAt, out BudgetPeriod period)
    {
        period = new BudgetPeriod(text ?? "never", TimeSpan.Zero, 0, Epoch);
        switch (text)
        {
            case null or "never":
                return true;
            case "daily":
                period = new BudgetPeriod(text, TimeSpan.FromDays(1), 0, resetAt ?? Epoch);
                return true;
            case "weekly":
                period = new BudgetPeriod(text, TimeSpan.FromDays(7), 0, resetAt ?? Epoch.AddDays(4)); // 1970-01-05 was a Monday
                return true;
            case "monthly":
                period = new BudgetPeriod(text, TimeSpan.Zero, 1, resetAt ?? Epoch);
                return true;
            case "yearly":
                period = new BudgetPeriod(text, TimeSpan.Zero, 12, resetAt ?? Epoch);
                return true;
        }
        return TryParseDuration(text, resetAt ?? createdAt, ref period);
    }

    /// <summary>The window that a time is in.</summary>
    /// <param name="time">UTC.</param>
    public BudgetWindow WindowAt(DateTime time)
    {
        if (IsForever)
        {
            return new BudgetWindow(Epoch, null);
        }
        return _months == 0 ? SpanWindow(time) : MonthWindow(time);
    }

    private BudgetWindow SpanWindow(DateTime time)
    {
        var since = time.Ticks - _anchor.Ticks;
        var index = since >= 0 ? since / _span.Ticks : -((-since + _span.Ticks - 1) / _span.Ticks);
        var start = new DateTime(_anchor.Ticks + (index * _span.Ticks), DateTimeKind.Utc);
        return new BudgetWindow(start, start + _span);
    }

    // AddMonths clips the 31st to shorter months, always counted from the anchor, so that the day comes back in longer ones.
    private BudgetWindow MonthWindow(DateTime time)
    {
        var months = ((time.Year - _anchor.Year) * 12) + time.Month - _anchor.Month;
        var index = (int)Math.Floor(months / (double)_months);
        while (_anchor.AddMonths(index * _months) > time)
        {
            index--;
        }
        while (_anchor.AddMonths((index + 1) * _months) <= time)
        {
            index++;
        }
        return new BudgetWindow(_anchor.AddMonths(index * _months), _anchor.AddMonths((index + 1) * _months));
    }

    private static bool TryParseDuration(string text, DateTime anchor, ref BudgetPeriod period)
    {
        var digits = text.AsSpan().IndexOfAnyExceptInRange('0', '9');
        if (
            digits is <= 0 or > 6
            || !int.TryParse(text.AsSpan(0, digits), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            || count == 0
        )
        {
            return false;
        }
        if (text[digits..] == "mo")
        {
            period = new BudgetPeriod(text, TimeSpan.Zero, count, anchor);
            return count <= LongestMonths;
        }
        // Six digits of years are beyond TimeSpan, so the length is compared before it is one.
        if (SecondsOf(text[digits..]) is not { } seconds || count * seconds > (long)Longest.TotalSeconds)
        {
            return false;
        }
        period = new BudgetPeriod(text, TimeSpan.FromSeconds(count * seconds), 0, anchor);
        return true;
    }

    private static long? SecondsOf(string unit) =>
        unit switch
        {
            "s" => 1,
            "m" => 60,
            "h" => 3_600,
            "d" => 86_400,
            "w" => 7 * 86_400,
            "y" => 365 * 86_400,
            _ => null,
        };
}
