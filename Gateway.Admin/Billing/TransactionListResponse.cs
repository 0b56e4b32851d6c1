namespace Gateway.Admin.Billing;

/// <summary>A page of a user's transactions.</summary>
internal sealed record TransactionListResponse(
    IReadOnlyList<TransactionResponse> Transactions,
    long TotalCount,
    int Limit,
    int Offset,
    bool HasMore
);
