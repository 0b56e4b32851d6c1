using System.Globalization;

namespace Gateway.Admin.Conventions;

/// <summary>Times from outside: ISO 8601 with <c>Z</c> or an offset; without either they are UTC. A bare date is its beginning.</summary>
internal static class IsoTime
{
    private static readonly string[] Forms =
    [
        "yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK",
        "yyyy-MM-dd HH:mm:ssK", "yyyy-MM-dd HH:mm:ss.FFFFFFFK",
    ];

    public static bool TryParse(string text, out DateTime utc) =>
        DateTime.TryParseExact(text, Forms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out utc);
}
