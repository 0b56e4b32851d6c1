using System.Globalization;
using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>A whole number. For a <see cref="TimeSpan"/> its unit is <c>milliseconds</c> or <c>days</c>.</summary>
/// <param name="variable">The environment variable.</param>
/// <param name="minimum">The smallest.</param>
/// <param name="maximum">The largest.</param>
/// <param name="unit">What is counted.</param>
public sealed class NumberOptionAttribute(string variable, long minimum, long maximum, string unit) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) => $"a whole number from {minimum} to {maximum} ({unit})";

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value =
            long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
                ? Of(TypeOf(option), number)
                : null;
        return value is not null;
    }

    private object Of(Type type, long number) =>
        type == typeof(long) ? number
        : type == typeof(int) ? (int)number
        : unit == "days" ? TimeSpan.FromDays(number)
        : TimeSpan.FromMilliseconds(number);
}
