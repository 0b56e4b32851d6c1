using System.ComponentModel.DataAnnotations;
using System.Text.Json;
using System.Text.Json.Serialization;
using Gateway.Admin.Requests;
using Gateway.Core.Settings;

namespace Gateway.Admin.Settings;

/// <summary>New values of settings, by key.</summary>
[Example("""{"default_monthly_budget":100,"registration_enabled":true}""")]
internal sealed record SettingsUpdate : IValidatableObject
{
    [JsonExtensionData]
    public Dictionary<string, JsonElement> Sent { get; init; } = [];

    /// <summary>The values as they are stored.</summary>
    internal Dictionary<string, string> Values { get; } = new(StringComparer.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext context)
    {
        foreach (var (key, sent) in Sent)
        {
            if (!HubSettings.ByKey.TryGetValue(key, out var setting))
            {
                yield return new MemberFault(key, "unknown", "is no setting");
            }
            else if (SettingDirectory.Read(setting, key, sent, out var value) is { } fault)
            {
                yield return fault;
            }
            else
            {
                Values[key] = value;
            }
        }
    }
}
