using System.ComponentModel;
using Gateway.Admin.Requests;

namespace Gateway.Admin.Currencies;

/// <summary>Which exchange rates are wanted: all, or one pair.</summary>
internal sealed record RateQuery : WholeListQuery
{
    [Description("A currency such as USD. It goes together with to.")]
    public string? From
    {
        get;
        init => field = value?.ToUpperInvariant();
    }

    [Description("A currency such as RUB. It goes together with from.")]
    public string? To
    {
        get;
        init => field = value?.ToUpperInvariant();
    }
}
