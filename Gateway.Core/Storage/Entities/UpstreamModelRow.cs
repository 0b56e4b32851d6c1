namespace Gateway.Core.Storage.Entities;

/// <summary>A model of the catalogue that stands at an upstream. Written by Admin.</summary>
public sealed class UpstreamModelRow
{
    /// <summary>The upstream.</summary>
    public required string UpstreamId { get; set; }

    /// <summary>The model.</summary>
    public required string ModelId { get; set; }

    /// <summary>The model's name there.</summary>
    public required string UpstreamName { get; set; }

    /// <summary>Whether an admin said so: a sync leaves it alone.</summary>
    public bool IsByAdmin { get; set; }
}
