namespace Gateway.Core.Pricing;

/// <summary>What the shipped price list says of one model.</summary>
public sealed record ShippedPrice
{
    /// <summary>The name under which it was found; differs from the one asked for when a provider prefix was left out.</summary>
    public required string Name { get; init; }

    /// <summary>Null for the few rows of the list that name none.</summary>
    public string? Provider { get; init; }

    /// <summary><c>chat</c>, <c>embedding</c>, <c>image_generation</c> ...</summary>
    public string? Mode { get; init; }

    public long? MaxInputTokens { get; init; }

    public long? MaxOutputTokens { get; init; }

    /// <summary>Length of an embedding's vector.</summary>
    public int? Dimensions { get; init; }

    /// <summary>Capabilities: <c>vision</c>, <c>function_calling</c>, <c>prompt_caching</c> ...</summary>
    public IReadOnlyList<string> Supports { get; init; } = [];

    /// <summary>The day on which the provider switches the model off.</summary>
    public DateOnly? Deprecated { get; init; }

    /// <summary>The provider prices this model by steps that the list does not carry: its price is unknown here, not free.</summary>
    public bool IsStepPriced { get; init; }

    public PriceTable Prices { get; init; } = PriceTable.Empty;
}
