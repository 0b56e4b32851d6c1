using Gateway.Limits.Bound;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Calls;
using Gateway.Telemetry;

namespace Gateway.Ledger;

/// <summary>
/// Decides what a call is charged with. A reported usage is charged as it is; without one, an estimate, at most what was held. A report that cannot be true - no whole
/// number, more than the model can, or dearer than a strict hold, which is a true bound - is no report: the call is charged at its bound, so that a broken upstream can
/// take no more from anybody than what was held for the call.
/// </summary>
internal sealed class ChargeRule(UsagePlausibility plausibility, HubOptions options)
{
    /// <summary>The charge of a call that ended so.</summary>
    public CallCharge Of(InferenceRequest inference, MeteredAnswer answer)
    {
        var usage = answer.Usage ?? default;
        if (answer.UsageSource == UsageSource.Estimated && !inference.IsPastMaximum)
        {
            usage = inference.Bound.AtMost(usage);   // bytes that passed say little of tokens; the maximum says how many there can be
        }
        var cost = CostOf(inference, answer, usage);
        return answer.UsageSource switch
        {
            UsageSource.Estimated when answer.IsUsageImpossible => AtBound(inference, answer, ImpossibleReasons.NoCount),
            UsageSource.Reported => Reported(inference, answer, usage, cost),
            UsageSource.Estimated => new CallCharge(usage, AtMostHeld(inference, cost), UsageSources.Estimated),
            _ => new CallCharge(usage, cost, UsageSources.None),
        };
    }

    private CallCharge Reported(InferenceRequest inference, MeteredAnswer answer, in TokenUsage usage, CallCost cost)
    {
        if (answer.IsUsageImpossible)
        {
            return AtBound(inference, answer, ImpossibleReasons.NoCount);
        }
        if (!plausibility.IsPossible(inference, usage))
        {
            return AtBound(inference, answer, ImpossibleReasons.AboveModel);
        }
        return options.HoldInput == HoldInput.Strict && inference.Hold is { IsBinding: true } hold && cost.Total > hold.Amount
            ? new CallCharge(usage, cost.AtMost(hold.Amount), UsageSources.Impossible, ImpossibleReasons.AboveHold)   // each count by itself can be: the ledger keeps them
            : new CallCharge(usage, cost, UsageSources.Reported);
    }

    // The hold, else the same bound computed; where there is none, what can be told from the bytes.
    private static CallCharge AtBound(InferenceRequest inference, MeteredAnswer answer, string reason)
    {
        var usage = UsageEstimator.Estimate(inference.Body.Length, answer.ContentBytes);
        var estimate = CostOf(inference, answer, usage);
        var bound = inference.Hold is { Lines.Length: > 0 } hold ? hold.Amount
            : inference.Bound is { Refusal: null, HasUnboundedAnswer: false } ? inference.Bound.Cost
            : estimate.Total;
        var output = Money.Min(estimate.Output, bound);
        return new CallCharge(usage, new CallCost(bound, output, estimate.Fallbacks), UsageSources.Impossible, reason);
    }

    private static CallCost CostOf(InferenceRequest inference, MeteredAnswer answer, in TokenUsage usage) => inference.Model.IsFree || answer.UsageSource == UsageSource.None
        ? default
        : CostCalculator.Cost(inference.Prices, usage, answer.ServiceTier ?? ServiceTier.Default);

    // A guess is never dearer than what is known to be the most.
    private static CallCost AtMostHeld(InferenceRequest inference, CallCost cost) => inference.Hold is { IsBinding: true } hold ? cost.AtMost(hold.Amount) : cost;
}
