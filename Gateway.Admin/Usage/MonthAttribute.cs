using System.Globalization;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Usage;

/// <summary>A month of a calendar year, as <c>2026-11</c>.</summary>
internal sealed class MonthAttribute() : RuleAttribute("month", "must be a month such as 2026-11")
{
    public const string Format = "yyyy-MM";

    private const int LastYear = 9998; // its end is a date too

    public override bool IsValid(object? value) =>
        value is null
        || (
            value is string text
            && DateTime.TryParseExact(text, Format, CultureInfo.InvariantCulture, DateTimeStyles.None, out var month)
            && month.Year <= LastYear
        );
}
