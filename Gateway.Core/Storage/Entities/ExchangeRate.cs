namespace Gateway.Core.Storage.Entities;

/// <summary>What one unit of a currency is in another. For display; money is USD.</summary>
public sealed class ExchangeRate
{
    /// <summary>The row's id.</summary>
    public required string Id { get; set; }

    /// <summary>The currency of the one unit.</summary>
    public required string FromCurrency { get; set; }

    /// <summary>The other currency; unique with <see cref="FromCurrency"/>.</summary>
    public required string ToCurrency { get; set; }

    /// <summary>Units of the other, above zero, at most ten decimals.</summary>
    public decimal Rate { get; set; }

    /// <summary>When it was read.</summary>
    public DateTime UpdatedAt { get; set; }
}
