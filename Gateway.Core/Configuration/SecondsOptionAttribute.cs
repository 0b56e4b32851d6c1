using System.Globalization;
using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>A time in seconds, parts of a second included.</summary>
/// <param name="variable">The environment variable.</param>
/// <param name="minimum">Seconds, at least.</param>
/// <param name="maximum">Seconds, at most.</param>
public sealed class SecondsOptionAttribute(string variable, double minimum, double maximum) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) =>
        string.Create(CultureInfo.InvariantCulture, $"seconds from {minimum} to {maximum}");

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value =
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var seconds)
            && seconds >= minimum
            && seconds <= maximum
                ? TimeSpan.FromSeconds(seconds)
                : null;
        return value is not null;
    }
}
