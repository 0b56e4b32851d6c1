using System.Diagnostics;
using System.Text.RegularExpressions;
using Gateway.Calls;
using Gateway.Core.Usage;

namespace Gateway.Telemetry;

/// <summary>
/// What a call's server span says, in the words of OpenTelemetry's conventions for generative AI. No text that a client chose; of the
/// upstream's the name of the model that answered, when it has the form of one.
/// </summary>
internal static partial class CallSpan
{
    public static void Describe(Activity span, in CallSummary summary, Refusal? refusal)
    {
        span.SetTag("oneui.outcome", summary.Outcome);
        if (summary.Call is not { } call)
        {
            span.SetTag("error.type", refusal?.Code ?? summary.Outcome);
            return;
        }
        span.SetTag("gen_ai.operation.name", call.Api.OperationName);
        span.SetTag("oneui.tier", summary.Tier);
        if (call.ResolvedModel is { } model)
        {
            span.SetTag("gen_ai.provider.name", model.Provider ?? GatewayMetrics.Other);
            // The name of the same before the conventions' version 1.37, which many backends still read
            span.SetTag("gen_ai.system", model.Provider ?? GatewayMetrics.Other);
            span.SetTag("gen_ai.request.model", model.Name);
            span.SetTag("oneui.upstream_model", model.UpstreamName);
            span.SetTag("gen_ai.output.type", model.Mode == "embedding" ? null : "text");
        }
        if (call.SentTimestamp > 0)
        {
            AddEvents(span, summary, call);
        }
        if (call.Result is { Record: var record } result)
        {
            span.SetTag("oneui.stream", record.IsStream);
            span.SetTag("gen_ai.response.model", result.Answer.AnswerModel is { } name && ModelName().IsMatch(name) ? name : null);
            span.SetTag(
                "gen_ai.response.finish_reasons",
                result.Answer is { FinishReasons: not FinishReasons.None } answer ? answer.FinishReasons.ToNames().ToArray() : null
            );
            span.SetTag("oneui.attempts", record.Attempts);
            span.SetTag("oneui.usage_source", record.UsageSource);
            span.SetTag("gen_ai.usage.input_tokens", result.Usage.PromptTokens);
            span.SetTag("gen_ai.usage.output_tokens", result.Usage.CompletionTokens);
            span.SetTag("oneui.cost_usd", record.TotalCostNanoUsd / 1e9);
        }
        if (summary.Outcome != Outcomes.Ok)
        {
            span.SetTag("error.type", refusal?.Code ?? summary.Outcome);
        }
    }

    // Where the time went. Events, because the stages are too short for spans of their own; the call upstream has its span from the
    // forwarder.
    private static void AddEvents(Activity span, in CallSummary summary, Call call)
    {
        AddEvent(span, summary.StartTimestamp, call.SentTimestamp, "upstream.sent");
        AddEvent(span, summary.StartTimestamp, call.FirstBodyTimestamp, "upstream.first_byte");
        AddEvent(span, summary.StartTimestamp, call.UpstreamEndTimestamp, "upstream.ended");
    }

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9._:/@+-]{0,127}$")]
    private static partial Regex ModelName();

    private static void AddEvent(Activity span, long start, long timestamp, string name)
    {
        if (timestamp > 0)
        {
            span.AddEvent(new ActivityEvent(name, new DateTimeOffset(span.StartTimeUtc + Stopwatch.GetElapsedTime(start, timestamp))));
        }
    }
}
