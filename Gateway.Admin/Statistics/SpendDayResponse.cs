namespace Gateway.Admin.Statistics;

/// <summary>The spend of a day (UTC), USD.</summary>
internal sealed record SpendDayResponse(string Date, decimal Spend);
