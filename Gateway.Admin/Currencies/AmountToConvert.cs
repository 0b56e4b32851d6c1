using System.ComponentModel.DataAnnotations;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Currencies;

/// <summary>An amount to be converted.</summary>
[Example("""{"amount":10,"from_currency":"USD","to_currency":"USD"}""")]
internal sealed record AmountToConvert
{
    [Number(0, 1_000_000_000_000_000)]
    public required decimal Amount { get; init; }

    [StringLength(3, MinimumLength = 3)]
    public required string FromCurrency
    {
        get;
        init => field = value.ToUpperInvariant();
    }

    [StringLength(3, MinimumLength = 3)]
    public required string ToCurrency
    {
        get;
        init => field = value.ToUpperInvariant();
    }
}
