using Gateway.Bodies;
using Gateway.Core.Configuration;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Telemetry;

namespace Gateway.Limits;

/// <summary>
/// Decides what a call is charged with. A reported usage is charged as it is; without one, an estimate, at most what was held. A report
/// that cannot be true - no whole
/// number, more than the model can, or dearer than a strict hold, which is a true bound - is no report: the call is charged at its bound,
/// so that a broken upstream can
/// take no more from anybody than what was held for the call.
/// </summary>
internal sealed class ChargeRule(UsagePlausibility plausibility, BudgetOptions options)
{
    /// <summary>The charge of a call that ended so.</summary>
    public CallCharge Of(Reservation reservation, MeteredAnswer answer)
    {
        if (answer.IsPending)
        {
            return new CallCharge(
                default,
                new CallCost(BoundOf(reservation) ?? Money.Zero, Money.Zero, PriceFallbacks.None),
                UsageSources.Bound
            );
        }
        var usage = answer.Usage ?? default;
        if (answer.UsageSource == UsageSource.Estimated && !reservation.IsPastMaximum)
        {
            // Bytes that passed say little of tokens; the maximum says how many there can be
            usage = reservation.Bound.AtMost(usage, hasMaximum: reservation.Quotas.EnforcesMoney);
        }
        var cost = CostOf(reservation, answer, usage);
        return answer.UsageSource switch
        {
            UsageSource.Estimated when answer.IsUsageImpossible => AtBound(reservation, answer, ImpossibleReasons.NoCount),
            UsageSource.Reported => Reported(reservation, answer, usage, cost),
            UsageSource.Estimated => new CallCharge(usage, AtMostHeld(reservation, cost), UsageSources.Estimated),
            _ => new CallCharge(usage, cost, UsageSources.None),
        };
    }

    private CallCharge Reported(Reservation reservation, MeteredAnswer answer, in TokenUsage usage, CallCost cost)
    {
        if (answer.IsUsageImpossible)
        {
            return AtBound(reservation, answer, ImpossibleReasons.NoCount);
        }
        if (!plausibility.IsPossible(reservation, usage))
        {
            return AtBound(reservation, answer, ImpossibleReasons.AboveModel);
        }
        return options.HoldInput == HoldInput.Strict && BindingOf(reservation) is { } hold && cost.Total > hold.Amount
            // Each count by itself can be: the ledger keeps them
            ? new CallCharge(usage, cost.AtMost(hold.Amount), UsageSources.Impossible, ImpossibleReasons.AboveHold)
            : new CallCharge(usage, cost, UsageSources.Reported);
    }

    // The hold, else the same bound computed; where there is none, what can be told from the bytes.
    private static CallCharge AtBound(Reservation reservation, MeteredAnswer answer, string reason)
    {
        var usage = UsageEstimator.Estimate(reservation.Call.Body.Length, answer.ContentBytes);
        var estimate = CostOf(reservation, answer, usage);
        var bound = BoundOf(reservation) ?? estimate.Total;
        var output = Money.Min(estimate.Output, bound);
        return new CallCharge(usage, new CallCost(bound, output, estimate.Fallbacks), UsageSources.Impossible, reason);
    }

    private static Money? BoundOf(Reservation reservation) =>
        reservation is { HasNoBound: false, Hold: { Lines.Length: > 0 } hold } ? hold.Amount
        : reservation.Bound is { Refusal: null, HasUnboundedAnswer: false, IsGuessed: false } ? reservation.Bound.Cost
        : null;

    private static CallCost CostOf(Reservation reservation, MeteredAnswer answer, in TokenUsage usage) =>
        reservation.Call.Model.IsFree || answer.UsageSource == UsageSource.None
            ? default
            : CostCalculator.Cost(reservation.Call.Model.Prices, usage, answer.ServiceTier ?? ServiceTier.Default);

    // A guess is never dearer than what is known to be the most.
    private static CallCost AtMostHeld(Reservation reservation, CallCost cost) =>
        BindingOf(reservation) is { } hold ? cost.AtMost(hold.Amount) : cost;

    // What a part holds that had begun before is no bound.
    private static MoneyHold? BindingOf(Reservation reservation) =>
        reservation is { HasNoBound: false, Hold: { IsBinding: true } hold } ? hold : null;
}
