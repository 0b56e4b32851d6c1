namespace Gateway.Admin.Usage;

/// <summary>A page of groups, and the sums of all groups.</summary>
internal sealed record UsageReportResponse(
    IReadOnlyList<string> GroupBy,
    DateTime From,
    DateTime? To,
    IReadOnlyList<UsageReportRow> Usage,
    UsageReportTotals Totals,
    long TotalCount,
    int Limit,
    int Offset,
    bool HasMore
);
