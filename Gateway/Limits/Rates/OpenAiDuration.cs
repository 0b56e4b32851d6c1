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
        var seconds = rest / 1000m;
        return (hours, minutes) switch
        {
            (> 0, _) => string.Create(CultureInfo.InvariantCulture, $"{hours}h{minute}m{seconds:0.###}s"),
            (_, > 0) => string.Create(CultureInfo.InvariantCulture, $"{minute}m{seconds:0.###}s"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{seconds:0.###}s"),
        };
    }
}
