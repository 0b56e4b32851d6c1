namespace Gateway.Admin.Usage;

/// <summary>A page of a user's calls.</summary>
internal sealed record HistoryResponse(IReadOnlyList<HistoryRow> Requests, long TotalCount, int Limit, int Offset, bool HasMore);
