using Gateway.Calls;
using Gateway.Core;
using Gateway.Core.Ledger;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Ledger;

/// <summary>
/// Makes the row that lowers what a call in flight at a crash was charged to what the upstream's spend log says that it used.
/// </summary>
internal static class Correction
{
    /// <summary>
    /// The row: what is to be added to the charge, never above zero, and the tokens that the charge did not know. It belongs to the windows
    /// of the call.
    /// </summary>
    /// <param name="bound">The row that was written for the call.</param>
    /// <param name="calls">The upstream's rows of the call.</param>
    /// <param name="prices">The model's prices; null when it is gone: the upstream's own figure is taken.</param>
    /// <param name="charges">The windows that the call was booked in.</param>
    /// <param name="now">The time of the correction.</param>
    public static UsageRecord Of(
        UsageRecord bound,
        IReadOnlyCollection<SpendLogCall> calls,
        PriceTable? prices,
        IReadOnlyList<BudgetCharge> charges,
        DateTime now
    )
    {
        var (total, output) = (0L, 0L);
        foreach (var call in calls)
        {
            var cost =
                prices is not null && call.Usage is { } usage
                    ? CostCalculator.Cost(prices, usage.Tokens, usage.ServiceTier ?? ServiceTier.Default)
                    : new CallCost(call.Spend, Money.Zero, PriceFallbacks.None);
            (total, output) = (Saturating.Add(total, cost.Total.NanoUsd), Saturating.Add(output, cost.Output.NanoUsd));
        }
        // What was held is a bound; of a call that held nothing only its end says what it cost.
        total = bound.Outcome == Outcomes.Background && bound.HeldNanoUsd == 0 ? total : Math.Min(total, bound.TotalCostNanoUsd);
        output = Math.Min(output, total);
        return new UsageRecord
        {
            Id = Guid.CreateVersion7().ToString(),
            CorrectsId = bound.Id,
            ExternalRequestId = calls.First().RequestId,
            ClientRequestId = bound.ClientRequestId,
            UserId = bound.UserId,
            ApiKeyId = bound.ApiKeyId,
            TeamId = bound.TeamId,
            TierId = bound.TierId,
            ModelId = bound.ModelId,
            ModelName = bound.ModelName,
            Provider = bound.Provider,
            CallType = bound.CallType,
            Status = RecordStatuses.Completed,
            Outcome = Outcomes.Corrected,
            HttpStatus = bound.HttpStatus,
            IsStream = bound.IsStream,
            ServiceTier = bound.ServiceTier,
            IsCounted = false,
            IsPrepaid = bound.IsPrepaid,
            Charges = charges,
            UsageSource = UsageSources.Correction,
            Usage = UsageOf(calls),
            TotalCostNanoUsd = total - bound.TotalCostNanoUsd,
            OutputCostNanoUsd = output,
            InputCostNanoUsd = total - bound.TotalCostNanoUsd - output,
            UpstreamCostNanoUsd = calls.SumOf(c => c.Spend.NanoUsd),
            AdmittedAt = bound.AdmittedAt,
            EndedAt = now,
            EndUser = bound.EndUser,
            Tags = bound.Tags,
        };
    }

    private static TokenUsage UsageOf(IReadOnlyCollection<SpendLogCall> calls) =>
        calls.Aggregate(default(TokenUsage), (sum, call) => call.Usage is { } usage ? sum.Plus(usage.Tokens) : sum);
}
