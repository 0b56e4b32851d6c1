using System.ComponentModel;
using System.Globalization;

namespace Gateway.Admin.Usage;

/// <summary>Which bill is wanted.</summary>
internal sealed record BillQuery
{
    [Month]
    [Description("A month (UTC) such as 2026-11; the present one when it is not sent.")]
    public string? Month { get; init; }

    /// <summary>The month's first moment.</summary>
    public DateTime MonthAt(DateTime now) =>
        Month is null
            ? new DateTime(now.Year, now.Month, 1, 0, 0, 0, DateTimeKind.Utc)
            : DateTime.ParseExact(
                Month,
                MonthAttribute.Format,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal
            );
}
