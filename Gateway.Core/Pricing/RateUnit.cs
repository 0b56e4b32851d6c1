namespace Gateway.Core.Pricing;

/// <summary>How a rate is written in JSON.</summary>
public enum RateUnit
{
    /// <summary>Integers of 1e-12 USD per unit: the form of <c>prices.json</c> and of our tables.</summary>
    PicoUsd,

    /// <summary>Decimal numbers of USD per unit: the form people read.</summary>
    Usd,
}
