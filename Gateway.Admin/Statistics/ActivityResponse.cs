using Gateway.Core;

namespace Gateway.Admin.Statistics;

/// <summary>The calls of some days.</summary>
internal sealed record ActivityResponse(IReadOnlyList<ActivityDayResponse> DailyData, long SumApiRequests, long SumTotalTokens)
{
    public static ActivityResponse Of(IReadOnlyList<ActivityDayResponse> days) =>
        new(days, days.SumOf(d => d.ApiRequests), days.SumOf(d => d.TotalTokens));
}
