using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Settings;

/// <summary>A setting as it comes with the product.</summary>
/// <param name="Category">The page of the settings that it stands on.</param>
/// <param name="Key">Its name.</param>
/// <param name="Type"><c>string</c>, <c>number</c> or <c>boolean</c>.</param>
/// <param name="Value">Its default.</param>
/// <param name="Description">What it does.</param>
/// <param name="IsSecret">Whether it is stored encrypted and never sent.</param>
/// <param name="Rule">What holds for values beyond their type; null: nothing.</param>
/// <param name="IsOptional">Whether it may have no value: null, stored as an empty text.</param>
internal sealed record SettingSeed(
    string Category,
    string Key,
    string Type,
    string Value,
    string Description,
    bool IsSecret = false,
    SettingRule? Rule = null,
    bool IsOptional = false
)
{
    public Setting ToRow(DateTime now) =>
        new()
        {
            Id = Guid.CreateVersion7().ToString(),
            Key = Key,
            Value = Value,
            Description = Description,
            Type = Type,
            Category = Category,
            IsSecret = IsSecret,
            CreatedAt = now,
            UpdatedAt = now,
        };
}
