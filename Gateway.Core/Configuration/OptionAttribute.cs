using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>
/// Makes a property an option: its name in appsettings.json is the property's, its name in the environment stands here. The default is the
/// property's own.
/// </summary>
/// <param name="variable">The environment variable.</param>
[AttributeUsage(AttributeTargets.Property)]
public abstract class OptionAttribute(string variable) : Attribute
{
    /// <summary>The environment variable.</summary>
    public string Variable => variable;

    /// <summary>Variables that are read when the first is not set.</summary>
    public string[] Also { get; init; } = [];

    /// <summary>Whether a wrong value may not be shown.</summary>
    public bool IsSecret { get; init; }

    /// <summary>What the option takes, after "expected:".</summary>
    internal abstract string ExpectedOf(PropertyInfo option);

    /// <summary>Reads a text without white space around it.</summary>
    /// <returns>Whether the text is what the option takes.</returns>
    internal abstract bool TryRead(PropertyInfo option, string text, out object? value);

    // The type without its "or nothing".
    private protected static Type TypeOf(PropertyInfo option) => Nullable.GetUnderlyingType(option.PropertyType) ?? option.PropertyType;
}
