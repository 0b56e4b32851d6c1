using System.Globalization;

namespace Gateway.Admin.Conventions;

/// <summary>
/// Reads the parameters of a query and collects what is wrong with them. Until <see cref="Error"/> is null the values are not to be used.
/// </summary>
internal sealed class QueryReader(IQueryCollection query, int maximumPageSize)
{
    private const int WholeListSize = 1_000;
    private const int LongestText = 1_000;

    private readonly List<InvalidMember> _invalid = [];

    public ApiError? Error => _invalid.Count == 0 ? null : ApiError.Validation(_invalid);

    /// <summary>Refuses a query without a parameter that must be there, unless it was refused already.</summary>
    public void RefuseMissing(string name)
    {
        if (_invalid.TrueForAll(i => i.Field != name))
        {
            _invalid.Add(new InvalidMember(name, "required", "is required"));
        }
    }

    /// <summary>The page asked for: <c>limit</c>, and <c>offset</c> or its alias <c>skip</c>.</summary>
    /// <param name="defaultSize">Rows of a page when <c>limit</c> is not sent.</param>
    /// <param name="wholeByDefault">A list that once had no paging: up to 1000 rows unless <c>limit</c> or <c>offset</c> is sent.</param>
    public PageRequest Page(int defaultSize, bool wholeByDefault)
    {
        var limit = Whole("limit");
        var offset = Whole("offset") ?? Whole("skip");
        return wholeByDefault && limit is null && offset is null
            ? new PageRequest(WholeListSize, 0)
            : new PageRequest(Math.Min(limit ?? defaultSize, maximumPageSize), offset ?? 0);
    }

    /// <summary>The page asked for by its number, from 1 on (<c>page</c>), or by <c>offset</c>; and its number.</summary>
    public (PageRequest Page, int Number) NumberedPage(int defaultSize)
    {
        var limit = Math.Min(Whole("limit") ?? defaultSize, maximumPageSize);
        var offset = Whole("offset") ?? Whole("skip");
        var number = Whole("page");
        if (number == 0)
        {
            _invalid.Add(new InvalidMember("page", "integer", "must be a whole number, its minimum is 1"));
        }
        if (offset is { } at)
        {
            return (new PageRequest(limit, at), limit == 0 ? 1 : (at / limit) + 1);
        }
        return (
            new PageRequest(limit, (int)Math.Min((long)limit * (Math.Max(number ?? 1, 1) - 1), int.MaxValue)),
            Math.Max(number ?? 1, 1)
        );
    }

    /// <summary>A date, or null when it is absent or empty.</summary>
    public DateOnly? Date(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date < DateOnly.MaxValue
        )
        {
            return date;
        }
        _invalid.Add(
            new InvalidMember(
                name,
                "date",
                IsoTime.TryParse(text, out _, out var mistake) ? "must be a date (YYYY-MM-DD), without a time"
                    : mistake == IsoTime.Expected ? "must be a date (YYYY-MM-DD)"
                    : mistake
            )
        );
        return null;
    }

    /// <summary>A text, or null when it is absent or empty.</summary>
    public string? Text(string name)
    {
        var text = query[name].ToString();
        if (text.Length > LongestText || text.Contains('\0'))
        {
            _invalid.Add(new InvalidMember(name, "text", $"must be a text, its maximum length is {LongestText}"));
        }
        return text.Length == 0 ? null : text;
    }

    /// <summary>One of a few words, or null when it is absent or empty.</summary>
    public string? OneOf(string name, IReadOnlyList<string> words)
    {
        var text = Text(name);
        if (text is not null && !words.Contains(text))
        {
            _invalid.Add(new InvalidMember(name, "one_of", $"must be one of {string.Join(", ", words)}"));
        }
        return text;
    }

    /// <summary><c>true</c>, <c>false</c>, <c>1</c> or <c>0</c>; null when it is absent.</summary>
    public bool? Flag(string name)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }
        switch (values.ToString())
        {
            case "true" or "1":
                return true;
            case "false" or "0":
                return false;
            default:
                _invalid.Add(new InvalidMember(name, "boolean", "must be true or false"));
                return null;
        }
    }

    /// <summary>The earliest moment: a time, or a date's beginning.</summary>
    public DateTime? From(string name) => Moment(name) is { } moment ? moment.Time : null;

    /// <summary>The first moment that is too late: a date counts to its end, a time up to its own microsecond.</summary>
    public DateTime? Until(string name) =>
        Moment(name) is { } moment ? (moment.IsDate ? moment.Time.AddDays(1) : moment.Time.AddMicroseconds(1)) : null;

    private (DateTime Time, bool IsDate)? Moment(string name)
    {
        if (Text(name) is not { } text)
        {
            return null;
        }
        if (
            DateOnly.TryParseExact(text, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            && date < DateOnly.MaxValue
        )
        {
            return (date.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), true);
        }
        if (IsoTime.TryParse(text, out var time, out var mistake) && time < DateTime.MaxValue.AddDays(-1))
        {
            return (time, false);
        }
        _invalid.Add(
            new InvalidMember(
                name,
                "time",
                mistake is "" or IsoTime.Expected ? "must be a date (YYYY-MM-DD) or an ISO 8601 time such as 2026-01-05T10:00:00Z" : mistake
            )
        );
        return null;
    }

    // Any number of digits is an integer; one beyond int asks for more than there is.
    private int? Whole(string name)
    {
        if (!query.TryGetValue(name, out var values))
        {
            return null;
        }
        var text = values.ToString();
        if (text.Length > 0 && text.All(char.IsAsciiDigit))
        {
            return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;
        }
        _invalid.Add(new InvalidMember(name, "integer", "must be a whole number, its minimum is 0"));
        return null;
    }
}
