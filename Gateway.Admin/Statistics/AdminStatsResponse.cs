using System.Text.Json.Serialization;

namespace Gateway.Admin.Statistics;

/// <summary>The figures on the first admin page; camelCase, because its client reads them so.</summary>
internal sealed record AdminStatsResponse(
    [property: JsonPropertyName("totalUsers")] int TotalUsers,
    [property: JsonPropertyName("activeModels")] int ActiveModels,
    [property: JsonPropertyName("requestsToday")] long RequestsToday,
    [property: JsonPropertyName("monthlyRevenue")] decimal MonthlyRevenue,
    [property: JsonPropertyName("totalSpend")] decimal TotalSpend,
    [property: JsonPropertyName("totalRequests")] long TotalRequests,
    [property: JsonPropertyName("totalTokens")] long TotalTokens
);
