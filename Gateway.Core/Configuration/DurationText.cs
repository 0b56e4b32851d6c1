using System.Globalization;

namespace Gateway.Core.Configuration;

/// <summary>Durations as Go writes them (<c>24h</c>, <c>1h30m</c>, <c>30s</c>, <c>250ms</c>) or as .NET does (<c>d.hh:mm:ss</c>).</summary>
public static class DurationText
{
    /// <summary>Reads a duration; false when the text is no duration, or is negative or beyond .NET's range.</summary>
    public static bool TryParse(string text, out TimeSpan duration) =>
        text.Contains(':')
            ? TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out duration) && duration >= TimeSpan.Zero
            : TryParseUnits(text, out duration);

    private static bool TryParseUnits(ReadOnlySpan<char> text, out TimeSpan duration)
    {
        duration = TimeSpan.Zero;
        if (text.IsEmpty)
        {
            return false;
        }
        while (!text.IsEmpty)
        {
            var digits = text.IndexOfAnyExcept("0123456789.");
            if (
                digits <= 0
                || !double.TryParse(text[..digits], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var count)
            )
            {
                return false;
            }
            text = text[digits..];
            var letters = text.IndexOfAnyInRange('0', '9') is var next and >= 0 ? next : text.Length;
            double? seconds = text[..letters] switch
            {
                "ms" => 0.001,
                "s" => 1,
                "m" => 60,
                "h" => 3_600,
                _ => null,
            };
            if (seconds is null || count * seconds > TimeSpan.MaxValue.TotalSeconds / 2)
            {
                return false;
            }
            duration += TimeSpan.FromSeconds(count * seconds.Value);
            text = text[letters..];
        }
        return true;
    }
}
