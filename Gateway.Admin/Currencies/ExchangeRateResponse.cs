namespace Gateway.Admin.Currencies;

/// <summary>ExchangeRate, as it is shown.</summary>
internal sealed record ExchangeRateResponse(
    string Id,
    string FromCurrency,
    string ToCurrency,
    decimal Rate,
    DateTime UpdatedAt,
    CurrencyResponse From,
    CurrencyResponse To
);
