namespace Gateway.Admin.Usage;

/// <summary>What a user spent on one model.</summary>
internal sealed record ModelSpendResponse(long Requests, decimal Cost);
