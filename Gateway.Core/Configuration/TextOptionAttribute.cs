using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>A text.</summary>
/// <param name="variable">The environment variable.</param>
/// <param name="expected">What it takes, in words.</param>
public sealed class TextOptionAttribute(string variable, string expected) : OptionAttribute(variable)
{
    /// <summary>Characters, at least.</summary>
    public int Minimum { get; init; }

    /// <summary>Characters, at most.</summary>
    public int Maximum { get; init; } = 1_024;

    internal override string ExpectedOf(PropertyInfo option) => expected;

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        value = text;
        return text.Length >= Minimum && text.Length <= Maximum;
    }
}
