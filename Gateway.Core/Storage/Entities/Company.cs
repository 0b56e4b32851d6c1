namespace Gateway.Core.Storage.Entities;

/// <summary>Who makes a model.</summary>
public sealed class Company
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The display name.</summary>
    public required string Name { get; set; }

    /// <summary>Relative (<c>/uploads/...</c>) or absolute, or null.</summary>
    public string? LogoUrl { get; set; }

    /// <summary>Free text, or null.</summary>
    public string? Description { get; set; }

    /// <summary>The provider's name at LiteLLM; unique when not null.</summary>
    public string? ExternalId { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
