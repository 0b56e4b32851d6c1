namespace Gateway.Admin.Currencies;

/// <summary>An amount in another currency.</summary>
internal sealed record ConversionResponse(
    decimal OriginalAmount,
    string FromCurrency,
    decimal ConvertedAmount,
    string ToCurrency,
    decimal Rate
);
