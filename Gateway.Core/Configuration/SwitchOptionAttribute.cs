using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>Yes or no.</summary>
/// <param name="variable">The environment variable.</param>
public sealed class SwitchOptionAttribute(string variable) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) => "true or false";

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value = bool.TryParse(text, out var on) ? on : null;
        return value is not null;
    }
}
