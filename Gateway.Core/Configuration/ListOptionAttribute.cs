using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>Texts, separated by commas.</summary>
/// <param name="variable">The environment variable.</param>
/// <param name="expected">What it takes, in words.</param>
public sealed class ListOptionAttribute(string variable, string expected) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) => expected;

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value = text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return true;
    }
}
