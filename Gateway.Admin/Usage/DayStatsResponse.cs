namespace Gateway.Admin.Usage;

/// <summary>The part of one day (UTC).</summary>
internal sealed record DayStatsResponse(string Date, long Requests, long Tokens, decimal Cost);
