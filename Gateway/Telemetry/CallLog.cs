using System.Diagnostics;
using Gateway.Calls;

namespace Gateway.Telemetry;

/// <summary>
/// One line per call: who, what, how much, how long, how it ended. Never a key, a prompt or an answer, nor any text that a client or an
/// upstream chose. The call's thread only gathers the values; <see cref="CallLogWriter"/> makes the text of them.
/// </summary>
internal sealed class CallLog(ILogger<CallLog> logger, TimeProvider time)
{
    /// <summary>What the line is logged under.</summary>
    public const string Category = "Gateway.Telemetry.CallLog";

    private static readonly EventId SettledCall = new(1, nameof(SettledCall));
    private static readonly EventId CallWithoutSettlement = new(2, nameof(CallWithoutSettlement));

    public void Write(HttpContext http, in CallSummary summary, Refusal? refusal)
    {
        if (!logger.IsEnabled(LogLevel.Information))
        {
            return;
        }
        var line = Line(http, summary, refusal);
        logger.Log(
            LogLevel.Information,
            line.IsSettled ? SettledCall : CallWithoutSettlement,
            line,
            exception: null,
            static (line, _) => line.ToString()
        );
    }

    private CallLine Line(HttpContext http, in CallSummary summary, Refusal? refusal)
    {
        var call = summary.Call;
        var caller = call?.Caller;
        var result = call?.Result;
        return new CallLine
        {
            At = time.GetUtcNow().UtcDateTime,
            RequestId = call?.RequestId ?? http.GetRequestId(), // a part of a session has its own
            TraceId = TraceParent.IdOf(http),
            UserId = caller?.User.Id,
            ApiKeyId = caller?.Key?.Id,
            TeamId = caller?.TeamId,
            TierId = caller?.User.TierId,
            Api = summary.Api,
            Model = summary.Model,
            Outcome = summary.Outcome,
            Status = summary.HttpStatus,
            Code = result is null ? refusal?.Code : null,
            Duration = Stopwatch.GetElapsedTime(summary.StartTimestamp),
            IsSettled = result is not null,
            IsStream = result?.Record.IsStream == true,
            Attempts = result?.Record.Attempts ?? 0,
            PromptTokens = result?.Usage.PromptTokens ?? 0,
            CompletionTokens = result?.Usage.CompletionTokens ?? 0,
            UsageSource = result?.Record.UsageSource,
            CostNanoUsd = result?.Record.TotalCostNanoUsd ?? 0,
            Overhead = summary.OverheadBefore,
            FirstByte = call is { SentTimestamp: > 0, FirstBodyTimestamp: > 0 }
                ? Stopwatch.GetElapsedTime(call.SentTimestamp, call.FirstBodyTimestamp)
                : null,
        };
    }
}
