namespace Gateway.Core.Storage.Entities;

/// <summary>A value that admins may change while the process runs.</summary>
public sealed class Setting
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>Unique.</summary>
    public required string Key { get; set; }

    /// <summary>The value as text; an encrypted one when <see cref="IsSecret"/>.</summary>
    public required string Value { get; set; }

    /// <summary>What it does.</summary>
    public required string Description { get; set; }

    /// <summary><c>string</c>, <c>number</c>, <c>boolean</c> or <c>json</c>.</summary>
    public required string Type { get; set; }

    /// <summary>The page of the settings that it stands on.</summary>
    public required string Category { get; set; }

    /// <summary>Whether the value is stored encrypted and never sent.</summary>
    public bool IsSecret { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
