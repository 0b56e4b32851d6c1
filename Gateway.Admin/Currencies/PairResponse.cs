namespace Gateway.Admin.Currencies;

/// <summary>The rate of one pair.</summary>
internal sealed record PairResponse(string FromCurrency, string ToCurrency, decimal Rate);
