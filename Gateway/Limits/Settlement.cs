using Gateway.Calls;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Ledger;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Limits.Rates;
using Gateway.Telemetry;

namespace Gateway.Limits;

/// <summary>
/// Says what a call used and cost, and settles what was taken for it. <see cref="Reservation"/> has it done, once and in the order that
/// money needs.
/// </summary>
internal sealed partial class Settlement(
    ChargeRule charges,
    LearnedUsage learned,
    ThresholdWatch thresholds,
    GatewayMetrics metrics,
    TierLabels tiers,
    TimeProvider time,
    ILogger<Settlement> logger
)
{
    /// <summary>What becomes of a call that ended so: its row, before anybody has it.</summary>
    public CallResult Price(Reservation reservation, CallEnd end)
    {
        var charge = charges.Of(reservation, end.Answer);
        if (charge.Impossible is { } reason)
        {
            TellImpossible(reservation.Call, end, charge, reason);
        }
        else if (charge.Source == UsageSources.Reported && !reservation.IsPart)
        {
            learned.Learn(reservation, charge.Usage);
        }
        return new CallResult(Describe(reservation, end, charge), end.Answer, charge.Usage);
    }

    /// <summary>Settles money and rates of a call whose row is written down, and tells of it.</summary>
    /// <returns>What was charged.</returns>
    public Money Settle(Reservation reservation, CallResult result)
    {
        var (call, record) = (reservation.Call, result.Record);
        var cost = Money.FromNanoUsd(record.TotalCostNanoUsd);
        SettleMoney(reservation, cost);
        reservation.Lease?.Release(
            !record.IsCounted ? LeaseEnd.NeverAnswered
            : result.Answer.IsPending ? LeaseEnd.Unknown // what it uses is known when its minute is long over
            : LeaseEnd.Answered(result.Usage.TotalTokens)
        );
        call.Result = result;
        metrics.Settled(call, record, result.Usage, tiers.Of(call));
        return cost;
    }

    private void TellImpossible(Call call, CallEnd end, in CallCharge charge, string reason)
    {
        var told = end.Answer.Usage ?? default;
        metrics.ImpossibleUsage(call.Model.Name, reason);
        Log.ImpossibleUsage(logger, call.RequestId, call.Model.Name, reason, told.PromptTokens, told.CompletionTokens, charge.Cost.Total);
        if (reason == ImpossibleReasons.AboveHold)
        {
            metrics.BoundExceeded(call.Model.Name);
        }
    }

    private void SettleMoney(Reservation reservation, Money cost)
    {
        if (reservation.Hold is not { } hold || !hold.Settle(cost))
        {
            return;
        }
        if (cost > hold.Amount && hold.IsBinding && !reservation.HasNoBound)
        {
            metrics.BoundExceeded(reservation.Call.Model.Name);
            Log.BoundExceeded(logger, reservation.Call.RequestId, reservation.Call.Model.Name, hold.Amount, cost);
        }
        thresholds.Look(hold);
    }

    private UsageRecord Describe(Reservation reservation, CallEnd end, in CallCharge charge)
    {
        var (call, hold) = (reservation.Call, reservation.Hold);
        var (usage, cost) = (charge.Usage, charge.Cost);
        return new UsageRecord
        {
            Id = call.RequestId,
            Attempts = call.Attempts,
            ExternalRequestId = RecordText.Of(end.Answer.AnswerId),
            ClientRequestId = call.ClientRequestId,
            UpstreamModelId = call.UpstreamModelId,
            UserId = call.Caller.User.Id,
            ApiKeyId = call.Caller.Key?.Id,
            TeamId = call.Caller.TeamId,
            TierId = call.Caller.User.TierId,
            ModelId = call.Model.Id,
            ModelName = call.Model.Name,
            Provider = call.Upstream?.Provider ?? call.Model.Provider,
            Upstream = call.Upstream?.Name,
            CallType = call.Api.CallType,
            Status = end.Answer.Outcome == AnswerOutcome.Failed ? RecordStatuses.Failed : RecordStatuses.Completed,
            Outcome = end.Outcome,
            HttpStatus = end.HttpStatus,
            IsStream = end.IsStream,
            ServiceTier = (end.Answer.ServiceTier ?? ServiceTier.Default).ToName(),
            IsCounted = end.IsAnswered && !reservation.IsPart,
            IsPrepaid = hold is not null && reservation.Quotas.IsPrepaid,
            IsBalanceHeld = hold?.HoldsBalance == true,
            HeldNanoUsd = hold?.Amount.NanoUsd ?? 0,
            Charges = hold?.Charges() ?? [],
            UsageSource = charge.Source,
            Usage = usage,
            InputCostNanoUsd = cost.Input.NanoUsd,
            OutputCostNanoUsd = cost.Output.NanoUsd,
            TotalCostNanoUsd = cost.Total.NanoUsd,
            UpstreamCostNanoUsd = end.UpstreamCost?.NanoUsd,
            AdmittedAt = call.AdmittedAt,
            FirstByteAt = call.FirstByteAt,
            EndedAt = time.GetUtcNow().UtcDateTime,
            CacheHit = call.CacheHit,
            ChatId = call.ChatId,
            MessageId = call.MessageId,
            EndUser = call.Labels.EndUser,
            Tags = call.Labels.Tags,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Request {RequestId} for {Model} cost more than its bound: {Held} USD were held, {Cost} USD are charged."
        )]
        public static partial void BoundExceeded(ILogger logger, string requestId, string model, Money held, Money cost);

        [LoggerMessage(
            Level = LogLevel.Error,
            Message = "Request {RequestId}: the usage that the upstream reported for {Model} cannot be ({Reason}: {PromptTokens} prompt "
                + "and {CompletionTokens} answer tokens). The call is charged with its bound, {Cost} USD."
        )]
        public static partial void ImpossibleUsage(
            ILogger logger,
            string requestId,
            string model,
            string reason,
            long promptTokens,
            long completionTokens,
            Money cost
        );
    }
}
