using Gateway.Limits.Rates;
using Gateway.Limits.Bound;
using Gateway.Limits.Budgets;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;
using Gateway.Calls;
using Gateway.Telemetry;

namespace Gateway.Ledger;

/// <summary>Prices what a call used and hands the record on. Once per call; the caller lets the answer's last bytes leave only after this.</summary>
internal sealed partial class Settlement(
    ChargeRule charges, IUsageRecorder recorder, LearnedUsage learned, ThresholdWatch thresholds, GatewayMetrics metrics, TierLabels tiers, TimeProvider time, ILogger<Settlement> logger)
{
    /// <summary>Settles a call; a second time does nothing.</summary>
    /// <returns>What was charged.</returns>
    public async ValueTask<Money> SettleAsync(InferenceRequest inference, CallEnd end)
    {
        if (inference.IsSettled)
        {
            return Money.Zero;
        }
        inference.IsSettled = true;
        var charge = charges.Of(inference, end.Answer);
        var (usage, cost) = (charge.Usage, charge.Cost);
        if (charge.Impossible is { } reason)
        {
            TellImpossible(inference, end, charge, reason);
        }
        else if (charge.Source == UsageSources.Reported)
        {
            learned.Learn(inference, usage);
        }
        var record = Describe(inference, end, charge);
        // Recorded first: whoever asks the ledger for what limits and budgets have used finds either the open hold or the record.
        await recorder.RecordAsync(record, inference.LastJournalRecord);
        SettleMoney(inference, cost.Total);
        inference.Lease?.Release(end.IsAnswered ? LeaseEnd.Answered(usage.TotalTokens) : LeaseEnd.NeverAnswered);
        inference.Record = record;
        inference.Answer = end.Answer;
        inference.Usage = usage;
        metrics.Settled(inference, record, usage, tiers.Of(inference));
        return cost.Total;
    }

    private void TellImpossible(InferenceRequest inference, CallEnd end, in CallCharge charge, string reason)
    {
        var told = end.Answer.Usage ?? default;
        metrics.ImpossibleUsage(inference.Model.Name, reason);
        Log.ImpossibleUsage(logger, inference.RequestId, inference.Model.Name, reason, told.PromptTokens, told.CompletionTokens, charge.Cost.Total);
        if (reason == ImpossibleReasons.AboveHold)
        {
            metrics.BoundExceeded(inference.Model.Name);
        }
    }

    private void SettleMoney(InferenceRequest inference, Money cost)
    {
        if (inference.Hold is not { } hold || !hold.Settle(cost))
        {
            return;
        }
        if (cost > hold.Amount && hold.IsBinding)
        {
            metrics.BoundExceeded(inference.Model.Name);
            Log.BoundExceeded(logger, inference.RequestId, inference.Model.Name, hold.Amount, cost);
        }
        thresholds.Look(hold);
    }

    private UsageRecord Describe(InferenceRequest inference, CallEnd end, in CallCharge charge)
    {
        var (usage, cost) = (charge.Usage, charge.Cost);
        return new UsageRecord
        {
            Id = inference.RequestId,
            Attempts = inference.Attempts,
            ExternalRequestId = RecordText.Of(end.Answer.AnswerId),
            ClientRequestId = inference.ClientRequestId,
            UpstreamModelId = inference.UpstreamModelId,
            UserId = inference.Caller.User.Id,
            ApiKeyId = inference.Caller.Key?.Id,
            TeamId = inference.Caller.TeamId,
            TierId = inference.Caller.User.TierId,
            ModelId = inference.Model.Id,
            ModelName = inference.Model.Name,
            Provider = inference.Model.Provider,
            CallType = inference.Api.CallType,
            Status = end.Answer.Outcome == AnswerOutcome.Failed ? RecordStatuses.Failed : RecordStatuses.Completed,
            Outcome = end.Outcome,
            HttpStatus = end.HttpStatus,
            IsStream = end.IsStream,
            ServiceTier = (end.Answer.ServiceTier ?? ServiceTier.Default).ToName(),
            IsCounted = end.IsAnswered,
            IsPrepaid = inference.Quotas.IsPrepaid && inference.Hold is not null,
            IsBalanceHeld = inference.Hold?.HoldsBalance == true,
            HeldNanoUsd = inference.Hold?.Amount.NanoUsd ?? 0,
            Charges = inference.Hold?.Charges() ?? [],
            UsageSource = charge.Source,
            InputTokens = usage.Input,
            CacheReadTokens = usage.CacheRead,
            CacheWriteTokens = usage.CacheWrite,
            CacheWrite1hTokens = usage.CacheWrite1h,
            InputAudioTokens = usage.InputAudio,
            InputImageTokens = usage.InputImage,
            InputVideoTokens = usage.InputVideo,
            OutputTokens = usage.Output,
            ReasoningTokens = usage.Reasoning,
            OutputAudioTokens = usage.OutputAudio,
            OutputImageTokens = usage.OutputImage,
            WebSearches = usage.Items.WebSearches,
            InputCostNanoUsd = cost.Input.NanoUsd,
            OutputCostNanoUsd = cost.Output.NanoUsd,
            TotalCostNanoUsd = cost.Total.NanoUsd,
            UpstreamCostNanoUsd = end.UpstreamCost?.NanoUsd,
            AdmittedAt = inference.AdmittedAt,
            FirstByteAt = inference.FirstByteAt,
            EndedAt = time.GetUtcNow().UtcDateTime,
            CacheHit = inference.CacheHit,
        };
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId} for {Model} cost more than its bound: {Held} USD were held, {Cost} USD are charged.")]
        public static partial void BoundExceeded(ILogger logger, string requestId, string model, Money held, Money cost);

        [LoggerMessage(Level = LogLevel.Error, Message = "Request {RequestId}: the usage that the upstream reported for {Model} cannot be ({Reason}: {PromptTokens} prompt and {CompletionTokens} answer tokens). The call is charged with its bound, {Cost} USD.")]
        public static partial void ImpossibleUsage(ILogger logger, string requestId, string model, string reason, long promptTokens, long completionTokens, Money cost);
    }
}
