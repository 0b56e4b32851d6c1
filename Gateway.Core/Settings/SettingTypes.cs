namespace Gateway.Core.Settings;

/// <summary>The types of settings, as the API names them.</summary>
public static class SettingTypes
{
    /// <summary>Any text.</summary>
    public const string Text = "string";

    /// <summary>A number.</summary>
    public const string Number = "number";

    /// <summary>Yes or no.</summary>
    public const string Flag = "boolean";
}
