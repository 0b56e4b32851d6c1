using Gateway.Admin.Replies;
using Gateway.Core.Configuration;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Settings;

/// <summary>
/// Setting, as it is shown: a secret never shows its value. <c>is_effective</c> is false where the stored value changes nothing;
/// <c>note</c> then says why.
/// </summary>
[Alias("setting", "settings")]
internal sealed record SettingResponse(
    string Id,
    string Key,
    string Value,
    string Description,
    string Type,
    string Category,
    bool IsSecret,
    bool IsEffective,
    string? Note,
    DateTime CreatedAt,
    DateTime UpdatedAt
)
{
    public static SettingResponse From(Setting row, HubOptions options)
    {
        var note = SettingEffects.NoteOn(row.Key, options);
        return new SettingResponse(
            row.Id,
            row.Key,
            row.IsSecret ? SettingDirectory.Mask : row.Value,
            row.Description,
            row.Type,
            row.Category,
            row.IsSecret,
            note is null,
            note,
            row.CreatedAt,
            row.UpdatedAt
        );
    }
}
