using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>A time with its unit, such as <c>24h</c>.</summary>
/// <param name="variable">The environment variable.</param>
/// <param name="minimum">The shortest, in the same form.</param>
/// <param name="maximum">The longest, in the same form.</param>
public sealed class DurationOptionAttribute(string variable, string minimum, string maximum) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) =>
        $"a duration such as 30s, 90m, 24h or d.hh:mm:ss, from {Of(minimum)} to {Of(maximum)}";

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value = DurationText.TryParse(text, out var duration) && duration >= Of(minimum) && duration <= Of(maximum) ? duration : null;
        return value is not null;
    }

    private static TimeSpan Of(string text) =>
        DurationText.TryParse(text, out var duration) ? duration : throw new FormatException($"{text} is no duration.");
}
