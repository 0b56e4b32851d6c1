namespace Gateway.Admin.Currencies;

/// <summary>How many rates were stored.</summary>
internal sealed record UpdatedRates(int Updated);
