namespace Gateway.Core.Storage.Entities;

/// <summary>Whether a model may be used and whether it costs anything.</summary>
public sealed class ModelConfig
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The model; one config each.</summary>
    public required string ModelId { get; set; }

    /// <summary>Calls cost nothing, whatever the rates say.</summary>
    public bool IsFree { get; set; }

    /// <summary>False: calls are refused.</summary>
    public bool IsEnabled { get; set; }

    /// <summary>One of <see cref="PriceSources"/>: where input and output price come from.</summary>
    public required string PriceSource { get; set; }

    /// <summary>The most tokens that one image of a prompt counts; null when not known.</summary>
    public long? ImageTokenBound { get; set; }

    /// <summary>One of <see cref="ChatTiers"/>: under which word chat clients list the model; null: by its price.</summary>
    public string? ChatTier { get; set; }

    /// <summary>When it was made.</summary>
    public DateTime CreatedAt { get; set; }

    /// <summary>When it was last changed.</summary>
    public DateTime UpdatedAt { get; set; }
}
