using Gateway.Core;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;

namespace Gateway.Admin.Usage;

/// <summary>
/// What a user spent: sums of whole days from the rollups, so that it costs the same after ten calls and after ten million.
/// </summary>
internal sealed record SpendingResponse(
    string UserId,
    decimal CurrentMonthUsage,
    decimal TotalUsage,
    decimal TotalSpent,
    string Currency,
    long TotalTokens,
    string PrimaryModel,
    IReadOnlyDictionary<string, ModelSpendResponse> UsageByModel,
    DateTime UpdatedAt
)
{
    public static SpendingResponse From(
        User user,
        UserAccount? account,
        IReadOnlyList<ModelSpend> sums,
        IReadOnlyDictionary<int, string> names
    )
    {
        var byModel = sums.GroupBy(s => names[s.ModelNumber])
            .Select(g => (Name: g.Key, Requests: g.Sum(s => s.Requests), Cost: g.SumOf(s => s.CostNanoUsd)))
            .OrderByDescending(m => m.Requests)
            .ThenByDescending(m => m.Cost)
            .ThenBy(m => m.Name, StringComparer.Ordinal)
            .ToList();
        return new SpendingResponse(
            user.Id,
            Money.UsdOf(sums.SumOf(s => s.MonthCostNanoUsd)),
            Money.UsdOf(sums.SumOf(s => s.CostNanoUsd)),
            Money.UsdOf(account?.TotalSpentNanoUsd ?? 0),
            "USD",
            sums.SumOf(s => s.Tokens),
            byModel.Count > 0 ? byModel[0].Name : "",
            byModel.ToDictionary(m => m.Name, m => new ModelSpendResponse(m.Requests, Money.UsdOf(m.Cost))),
            account?.UpdatedAt ?? user.CreatedAt
        );
    }
}
