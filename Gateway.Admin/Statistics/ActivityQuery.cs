namespace Gateway.Admin.Statistics;

/// <summary>Of which days activity is wanted.</summary>
internal sealed record ActivityQuery
{
    public required DateOnly StartDate { get; init; }

    public required DateOnly EndDate { get; init; }
}
