using System.Reflection;

namespace Gateway.Core.Configuration;

/// <summary>One option: its name in appsettings.json, its names in the environment, and what it takes.</summary>
public sealed class HubOption
{
    private readonly PropertyInfo _feature;
    private readonly PropertyInfo _property;
    private readonly OptionAttribute _attribute;

    internal HubOption(PropertyInfo feature, PropertyInfo property, OptionAttribute attribute) =>
        (_feature, _property, _attribute) = (feature, property, attribute);

    /// <summary>The name in appsettings.json.</summary>
    public string Name => _property.Name;

    /// <summary>The environment variables that set it, the first that is set wins.</summary>
    public IReadOnlyList<string> Variables => [_attribute.Variable, .. _attribute.Also];

    /// <summary>What it takes, in words.</summary>
    public string Expected => _attribute.ExpectedOf(_property);

    /// <summary>Whether its value may not be shown.</summary>
    public bool IsSecret => _attribute.IsSecret;

    /// <summary>The value in some options.</summary>
    public object? ValueIn(HubOptions options) => _property.GetValue(_feature.GetValue(options));

    /// <summary>Reads a text into some options.</summary>
    /// <returns>Whether the text is what the option takes.</returns>
    internal bool TrySet(HubOptions options, string text)
    {
        if (!_attribute.TryRead(_property, text, out var value))
        {
            return false;
        }
        _property.SetValue(_feature.GetValue(options), value);
        return true;
    }
}
