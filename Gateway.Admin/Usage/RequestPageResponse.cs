namespace Gateway.Admin.Usage;

/// <summary>A page of billing rows, in the words of two clients.</summary>
internal sealed record RequestPageResponse(
    IReadOnlyList<RequestResponse> Data,
    int Page,
    int Limit,
    long Total,
    bool HasNext,
    bool HasPrev,
    long TotalCount,
    int Offset,
    bool HasMore
);
