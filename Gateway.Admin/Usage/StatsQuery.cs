using System.ComponentModel;

namespace Gateway.Admin.Usage;

/// <summary>Which statistics are wanted.</summary>
internal sealed record StatsQuery
{
    [Description("day, week or month; month when it is not sent.")]
    public string? Period { get; init; }
}
