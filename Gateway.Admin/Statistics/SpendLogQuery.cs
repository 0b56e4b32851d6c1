using System.ComponentModel;

namespace Gateway.Admin.Statistics;

/// <summary>Of which days spend is wanted.</summary>
internal sealed record SpendLogQuery
{
    [Description("29 days before today when it is not sent.")]
    public DateOnly? StartDate { get; init; }

    [Description("Today when it is not sent.")]
    public DateOnly? EndDate { get; init; }

    public string? UserId { get; init; }
}
