namespace Gateway.Admin.Usage;

/// <summary>A bill: the oldest day first, then the dearest model.</summary>
internal sealed record BillResponse(
    string UserId,
    string Month,
    DateTime From,
    DateTime To,
    string Currency,
    long Requests,
    decimal TotalCost,
    IReadOnlyList<BillLine> Lines
);
