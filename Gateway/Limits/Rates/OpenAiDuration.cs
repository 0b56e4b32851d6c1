using System.Globalization;

namespace Gateway.Limits.Rates;

/// <summary>
/// Times as OpenAI's <c>x-ratelimit-reset-*</c> writes them: <c>20ms</c>, <c>1s</c>, <c>6m0s</c>, <c>8.64s</c>, <c>23h59m59s</c>.
/// </summary>
internal static class OpenAiDuration
{
    /// <summary>
    /// The text, in whole milliseconds, rounded up: who waits so long has waited long enough. A time below zero is <c>0s</c>.
    /// </summary>
    public static string Format(TimeSpan time)
    {
        var milliseconds = (Math.Max(0, time.Ticks) + TimeSpan.TicksPerMillisecond - 1) / TimeSpan.TicksPerMillisecond;
        if (milliseconds is > 0 and < 1000)
        {
            return string.Create(CultureInfo.InvariantCulture, $"{milliseconds}ms");
        }
        var (minutes, rest) = Math.DivRem(milliseconds, 60_000);
        var (hours, minute) = Math.DivRem(minutes, 60);
        var (second, fraction) = Math.DivRem(rest, 1_000);
        var seconds = fraction == 0 ? $"{second}s" : $"{second}.{fraction:000}".TrimEnd('0') + "s";
        return (hours, minutes) switch
        {
            (> 0, _) => $"{hours}h{minute}m{seconds}",
            (_, > 0) => $"{minute}m{seconds}",
            _ => seconds,
        };
    }
}
