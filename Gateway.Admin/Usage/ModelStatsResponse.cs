namespace Gateway.Admin.Usage;

/// <summary>The part of one model.</summary>
internal sealed record ModelStatsResponse(string Model, long Requests, long Tokens, decimal Cost);
