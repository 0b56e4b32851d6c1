using System.Diagnostics;
using Gateway.Calls;
using Gateway.Core.Pricing;

namespace Gateway.Telemetry;

/// <summary>
/// One line per call: who, what, how much, how long, how it ended. Never a key, a prompt or an answer, nor any text that a client or an
/// upstream chose.
/// </summary>
internal sealed partial class CallLog(ILogger<CallLog> logger)
{
    public void Write(string requestId, in CallSummary summary, Refusal? refusal)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }
        var elapsed = Stopwatch.GetElapsedTime(summary.StartTimestamp);
        var caller = summary.Call?.Caller;
        if (summary.Call is { Result: { Record: var record } result } call)
        {
            Settled(
                requestId,
                Activity.Current?.TraceId.ToHexString(),
                record.UserId,
                record.ApiKeyId,
                record.TeamId,
                record.TierId,
                summary.Api,
                record.ModelName,
                record.IsStream,
                summary.Outcome,
                summary.HttpStatus,
                record.Attempts,
                result.Usage.PromptTokens,
                result.Usage.CompletionTokens,
                record.UsageSource,
                Money.FromNanoUsd(record.TotalCostNanoUsd),
                Milliseconds(elapsed),
                Milliseconds(summary.OverheadBefore),
                FirstByteMilliseconds(call)
            );
        }
        else
        {
            Unsettled(
                requestId,
                Activity.Current?.TraceId.ToHexString(),
                caller?.User.Id,
                caller?.Key?.Id,
                caller?.TeamId,
                caller?.User.TierId,
                summary.Api,
                summary.Model,
                summary.Outcome,
                summary.HttpStatus,
                refusal?.Code,
                Milliseconds(elapsed)
            );
        }
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static double? FirstByteMilliseconds(Call call) =>
        call is { SentTimestamp: > 0, FirstBodyTimestamp: > 0 }
            ? Milliseconds(Stopwatch.GetElapsedTime(call.SentTimestamp, call.FirstBodyTimestamp))
            : null;

    [LoggerMessage(
        EventId = 1,
        EventName = "SettledCall",
        Level = LogLevel.Information,
        Message = "{Api} {Model} {Outcome} {Status}: {PromptTokens} + {CompletionTokens} tokens ({UsageSource}), {CostUsd} USD, "
            + "{DurationMs} ms (gateway {OverheadMs}, first byte {FirstByteMs}), stream {Stream}, attempts {Attempts}, user {UserId}, key "
            + "{ApiKeyId}, team {TeamId}, tier {TierId}, request {RequestId}, trace {TraceId}."
    )]
    private partial void Settled(
        string requestId,
        string? traceId,
        string userId,
        string? apiKeyId,
        string? teamId,
        string tierId,
        string api,
        string model,
        bool stream,
        string outcome,
        int status,
        int attempts,
        long promptTokens,
        long completionTokens,
        string usageSource,
        Money costUsd,
        double durationMs,
        double overheadMs,
        double? firstByteMs
    );

    [LoggerMessage(
        EventId = 2,
        EventName = "CallWithoutSettlement",
        Level = LogLevel.Information,
        Message = "{Api} {Model} {Outcome} {Status}: {Code}, {DurationMs} ms, user {UserId}, key {ApiKeyId}, team {TeamId}, tier "
            + "{TierId}, request {RequestId}, trace {TraceId}."
    )]
    private partial void Unsettled(
        string requestId,
        string? traceId,
        string? userId,
        string? apiKeyId,
        string? teamId,
        string? tierId,
        string api,
        string model,
        string outcome,
        int status,
        string? code,
        double durationMs
    );
}
