namespace Gateway.Admin.Usage;

/// <summary>A user's usage in a period.</summary>
internal sealed record UsageStatsResponse(
    string Period,
    DateTime From,
    DateTime To,
    decimal TotalCost,
    long TotalTokens,
    long InputTokens,
    long OutputTokens,
    long RequestCount,
    string Model,
    string Currency,
    IReadOnlyList<ModelStatsResponse> ByModel,
    IReadOnlyList<DayStatsResponse> ByDay
);
