using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>A text of a form that a method of the option's class knows.</summary>
/// <param name="variable">The environment variable.</param>
/// <param name="expected">What it takes, in words.</param>
/// <param name="method">
/// A static method of the class: <c>bool Is...(string text)</c> for a text that is taken as it is, or
/// <c>bool TryRead...(string text, out T value)</c>.
/// </param>
public sealed class FormOptionAttribute(string variable, string expected, string method) : OptionAttribute(variable)
{
    internal override string ExpectedOf(PropertyInfo option) => expected;

    internal override bool TryRead(PropertyInfo option, string text, out object? value)
    {
        var reader = option.DeclaringType!.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic)!;
        object?[] arguments = reader.GetParameters().Length == 1 ? [text] : [text, null];
        var isRead = reader.Invoke(null, arguments) is true;
        value = arguments[^1];
        return isRead;
    }
}
