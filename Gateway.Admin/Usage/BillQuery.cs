using System.ComponentModel;
using System.Globalization;

namespace Gateway.Admin.Usage;

/// <summary>Which bill is wanted.</summary>
internal sealed record BillQuery
{
    /// <summary>How a month is written.</summary>
    public const string Format = "yyyy-MM";

    private const int LastYear = 9998; // its end is a date too

    [Description("A month (UTC) such as 2026-11; the present one when it is not sent.")]
    public string? Month { get; init; }

    /// <summary>The month's first moment; null when it is no month.</summary>
    public DateTime? StartAt(DateTime now) =>
        Month is null ? new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc)
        : DateTime.TryParseExact(
            Month,
            Format,
            CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal,
            out var start
        )
        && start.Year <= LastYear
            ? start
        : null;
}
