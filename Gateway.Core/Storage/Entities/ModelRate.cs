namespace Gateway.Core.Storage.Entities;

/// <summary>One rate of a model's price table.</summary>
public sealed class ModelRate
{
    /// <summary>The model.</summary>
    public required string ModelId { get; set; }

    /// <summary>
    /// The key of the rate, in the form of the shipped price file: <c>input</c>, <c>output@priority</c>, <c>input&gt;200000</c>,
    /// <c>image</c>, ...
    /// </summary>
    public required string RateKey { get; set; }

    /// <summary>Pico-dollars (1e-12 USD) per token or item.</summary>
    public long PicoUsd { get; set; }

    /// <summary>One of <see cref="PriceSources"/>; sync replaces all but the admin's.</summary>
    public required string Source { get; set; }
}
