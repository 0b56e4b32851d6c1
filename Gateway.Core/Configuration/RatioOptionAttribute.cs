using System.Globalization;
using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>A share.</summary>
/// <param name="variable">The environment variable.</param>
public sealed class RatioOptionAttribute(string variable) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) => "a number from 0 to 1";

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value =
            double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number is >= 0 and <= 1
                ? number
                : null;
        return value is not null;
    }
}
