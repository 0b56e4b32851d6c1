using Gateway.Admin.Replies;

namespace Gateway.Admin.Currencies;

/// <summary>ExchangeRate, as it is shown.</summary>
[Alias("exchange_rate", "exchange_rates")]
internal sealed record ExchangeRateResponse(
    string Id,
    string FromCurrency,
    string ToCurrency,
    decimal Rate,
    DateTime UpdatedAt,
    CurrencyResponse From,
    CurrencyResponse To
);
