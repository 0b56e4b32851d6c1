using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>One of the names of an enumeration, whatever the case.</summary>
/// <param name="variable">The environment variable.</param>
public sealed class ChoiceOptionAttribute(string variable) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) =>
        "one of " + string.Join(", ", Enum.GetNames(TypeOf(option))).ToLowerInvariant();

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value = null;
        return text.All(char.IsAsciiLetter) && Enum.TryParse(TypeOf(option), text, ignoreCase: true, out value);
    }
}
