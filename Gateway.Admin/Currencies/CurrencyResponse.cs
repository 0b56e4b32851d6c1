using Gateway.Admin.Replies;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Currencies;

/// <summary>Currency, as it is shown.</summary>
[Alias("currency", "currencies")]
internal sealed record CurrencyResponse(string Id, string Name, string Symbol)
{
    public static CurrencyResponse From(Currency row) => new(row.Id, row.Name, row.Symbol);
}
