namespace Gateway.Core.Storage.Entities;

/// <summary>A currency that amounts may be shown in.</summary>
public sealed class Currency
{
    /// <summary>Three capital letters (ISO 4217).</summary>
    public required string Id { get; set; }

    /// <summary>The name.</summary>
    public required string Name { get; set; }

    /// <summary>The sign beside an amount.</summary>
    public required string Symbol { get; set; }
}
