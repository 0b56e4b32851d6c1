using System.ComponentModel;
using System.Text.Json;
using Gateway.Admin.Conventions;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Settings;

/// <summary>A new value of a setting.</summary>
[Example("""{"value":100}""")]
internal sealed record SettingUpdate
{
    [Description("A text, number or boolean, as the setting's type is; null for none where the setting is optional.")]
    public Optional<JsonElement> Value { get; init; }
}
