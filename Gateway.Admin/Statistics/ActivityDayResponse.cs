namespace Gateway.Admin.Statistics;

/// <summary>The calls of a day; <c>date</c> is a label such as <c>Jan 05</c>.</summary>
internal sealed record ActivityDayResponse(string Date, long ApiRequests, long TotalTokens);
