using System.Diagnostics;
using System.Diagnostics.Metrics;
using Gateway.Calls;
using Gateway.Core.Journal;
using Gateway.Core.Pricing;
using Gateway.Core.Storage.Entities;
using Gateway.Core.Usage;

namespace Gateway.Telemetry;

/// <summary>
/// Every instrument of the gateway's own; docs/metrics.md is the same list for operators. Labels are bounded: models and tiers of the
/// catalogue, kinds of events, never a user, a key or free text. Measuring allocates nothing: tags are strings that exist already, tag
/// lists live on the stack.
/// </summary>
internal sealed partial class GatewayMetrics : IDisposable
{
    /// <summary>The meter's name.</summary>
    public const string MeterName = "OneUIHub.Gateway";

    /// <summary>The label of a model or tier that the catalogue does not have.</summary>
    public const string Other = "other";

    private readonly Meter _meter;
    private readonly Counter<long> _requests;
    private readonly Counter<long> _refusals;
    private readonly Histogram<double> _operationDuration;
    private readonly Histogram<long> _tokenUsage;
    private readonly Histogram<double> _timeToFirstToken;
    private readonly Histogram<double> _timePerOutputToken;
    private readonly Histogram<double> _overhead;
    private readonly Counter<long> _tokens;
    private readonly Counter<double> _cost;
    private readonly Counter<double> _upstreamCost;
    private readonly Counter<double> _costDifference;
    private readonly Counter<long> _settlements;
    private readonly Counter<long> _cutStreams;
    private readonly Counter<long> _attempts;
    private readonly Counter<long> _retries;
    private readonly Histogram<long> _batchSize;
    private readonly Histogram<double> _batchDuration;
    private readonly Counter<long> _databaseErrors;
    private readonly Counter<long> _boundExceeded;
    private readonly Counter<long> _impossibleUsage;
    private readonly Counter<long> _setAside;
    private readonly Counter<long> _thresholds;
    private readonly Counter<long> _clamps;
    private readonly Counter<long> _shadowHits;
    private readonly Counter<long> _chatMessages;
    private readonly Histogram<double> _journalSyncs;
    private readonly Counter<long> _journalSyncFailures;
    private readonly Counter<long> _notJournaled;
    private readonly Histogram<double> _policySpread;
    private long _inFlight;
    private long _openStreams;

    /// <summary>Makes the instruments.</summary>
    /// <param name="meters">The host's own: several hosts in one process do not hear each other.</param>
    public GatewayMetrics(IMeterFactory meters)
    {
        _meter = meters.Create(MeterName);
        _requests = _meter.CreateCounter<long>("oneui_requests", "{call}", "Calls by how they ended.");
        _refusals = _meter.CreateCounter<long>(
            "oneui_refusals",
            "{call}",
            "Calls that the gateway itself refused, by error code and by whose limit."
        );
        _operationDuration = _meter.CreateHistogram<double>(
            "gen_ai.client.operation.duration",
            "s",
            "From a call's arrival to its last byte, for calls that went upstream."
        );
        _tokenUsage = _meter.CreateHistogram<long>("gen_ai.client.token.usage", "{token}", "Tokens of a call, prompt and answer.");
        _timeToFirstToken = _meter.CreateHistogram<double>(
            "gen_ai.server.time_to_first_token",
            "s",
            "From sending upstream to the first byte of a stream."
        );
        _timePerOutputToken = _meter.CreateHistogram<double>(
            "gen_ai.server.time_per_output_token",
            "s",
            "Time per answer token of a stream after the first."
        );
        _overhead = _meter.CreateHistogram<double>(
            "oneui_overhead",
            "s",
            "Time of the gateway's own: before a call goes upstream, without waiting for its body, and after the upstream's last byte."
        );
        _tokens = _meter.CreateCounter<long>("oneui_tokens", "{token}", "Tokens settled, by class.");
        _cost = _meter.CreateCounter<double>("oneui_cost", "usd", "Money charged.");
        _upstreamCost = _meter.CreateCounter<double>("oneui_upstream_cost", "usd", "Money that the upstream says its calls cost.");
        _costDifference = _meter.CreateCounter<double>(
            "oneui_cost_difference",
            "usd",
            "By how much the charge was above or below the upstream's figure, for calls that have one."
        );
        _settlements = _meter.CreateCounter<long>("oneui_settlements", "{call}", "Calls settled, by where their usage comes from.");
        _cutStreams = _meter.CreateCounter<long>("oneui_cut_streams", "{stream}", "Streams that ended before their answer did.");
        _attempts = _meter.CreateCounter<long>("oneui_upstream_attempts", "{attempt}", "Attempts upstream by how they ended.");
        _retries = _meter.CreateCounter<long>("oneui_upstream_retries", "{attempt}", "Attempts that went on to another destination.");
        _batchSize = _meter.CreateHistogram<long>(
            "oneui_writer_batch_size",
            "{call}",
            "Ended calls in one transaction of the ledger's writer."
        );
        _batchDuration = _meter.CreateHistogram<double>(
            "oneui_writer_batch_duration",
            "s",
            "Time of one transaction of the ledger's writer, tries included."
        );
        _databaseErrors = _meter.CreateCounter<long>("oneui_database_errors", "{error}", "Failed uses of the database.");
        _boundExceeded = _meter.CreateCounter<long>("oneui_bound_exceeded", "{call}", "Calls that cost more than was held for them.");
        _impossibleUsage = _meter.CreateCounter<long>(
            "oneui_impossible_usage",
            "{call}",
            "Calls whose reported usage cannot be: they are charged with their bound."
        );
        _setAside = _meter.CreateCounter<long>(
            "oneui_ledger_set_aside",
            "{call}",
            "Ended calls that the database does not take: they are set aside, not in the ledger."
        );
        _thresholds = _meter.CreateCounter<long>(
            "oneui_budget_thresholds",
            "{event}",
            "Thresholds of budgets that were passed; of several nodes that tell the same thing one counts it."
        );
        _clamps = _meter.CreateCounter<long>("oneui_clamps", "{call}", "Calls whose maximum was lowered to what their money covers.");
        _shadowHits = _meter.CreateCounter<long>("oneui_shadow_hits", "{call}", "Calls that a shadow limit would have refused.");
        _chatMessages = _meter.CreateCounter<long>("oneui_chat_messages", "{message}", "Messages that were sent to chats.");
        _journalSyncs = _meter.CreateHistogram<double>(
            "oneui_journal_sync_duration",
            "s",
            "Time of one sync of a journal's file to the disk."
        );
        _journalSyncFailures = _meter.CreateCounter<long>(
            "oneui_journal_sync_failures",
            "{sync}",
            "Syncs that failed: records of the file may not survive a power loss."
        );
        _notJournaled = _meter.CreateCounter<long>("oneui_journal_not_written", "{record}", "Records that the journal did not take.");
        _policySpread = _meter.CreateHistogram<double>(
            "oneui_policy_spread",
            "s",
            "From a change to its being in force on this node, by the clocks of both nodes."
        );
        _meter.CreateObservableGauge(
            "oneui_calls_in_flight",
            () => Volatile.Read(ref _inFlight),
            "{call}",
            "Calls that are being answered."
        );
        _meter.CreateObservableGauge("oneui_open_streams", () => Volatile.Read(ref _openStreams), "{stream}", "Streams that are open.");
    }

    /// <summary>The meter, for the gauges of the rooms (<see cref="IGauges"/>).</summary>
    internal Meter Meter => _meter;

    /// <summary>A call has come.</summary>
    public void CallStarted() => Interlocked.Increment(ref _inFlight);

    /// <summary>A call is over, however.</summary>
    public void CallEnded(in CallSummary summary)
    {
        Interlocked.Decrement(ref _inFlight);
        _requests.Add(
            1,
            new TagList
            {
                Tag("model", summary.Model),
                Tag("tier", summary.Tier),
                Tag("api", summary.Api),
                Tag("outcome", summary.Outcome),
                Tag("status", StatusText.Of(summary.HttpStatus)),
            }
        );
        if (summary.Call is { SentTimestamp: > 0 } call)
        {
            var end = Stopwatch.GetTimestamp();
            MeasureOperation(call, summary, Stopwatch.GetElapsedTime(summary.StartTimestamp, end));
            MeasureOverhead(call, summary, end);
            MeasureSpeed(call);
        }
    }

    /// <summary>The gateway said no.</summary>
    public void Refused(Refusal refusal, string tier) =>
        _refusals.Add(
            1,
            new TagList
            {
                Tag("code", refusal.Code),
                Tag("scope", refusal.Details?.Scope ?? "none"),
                Tag("window", refusal.Details?.Kind ?? "none"),
                Tag("tier", tier),
            }
        );

    /// <summary>A call is settled: what it used and cost, counted before its last bytes leave.</summary>
    public void Settled(Call call, UsageRecord record, in TokenUsage usage, string tier)
    {
        var tags = new TagList { Tag("model", record.ModelName), Tag("tier", tier) };
        _settlements.Add(1, With(tags, Tag("source", record.UsageSource)));
        if (!usage.IsZero)
        {
            AddTokens(tags, usage);
            var genAi = GenAiTags(call);
            _tokenUsage.Record(usage.PromptTokens, With(genAi, Tag("gen_ai.token.type", "input")));
            _tokenUsage.Record(usage.CompletionTokens, With(genAi, Tag("gen_ai.token.type", "output")));
        }
        if (record.TotalCostNanoUsd > 0)
        {
            _cost.Add(Usd(record.TotalCostNanoUsd), tags);
        }
        if (record.UpstreamCostNanoUsd is { } upstream)
        {
            _upstreamCost.Add(Usd(upstream), tags);
            var difference = record.TotalCostNanoUsd - upstream;
            _costDifference.Add(Usd(Math.Abs(difference)), With(tags, Tag("sign", difference < 0 ? "under" : "over")));
        }
        if (record is { IsStream: true, HttpStatus: StatusCodes.Status200OK, Outcome: not Outcomes.Ok })
        {
            _cutStreams.Add(1, With(tags, Tag("reason", record.Outcome)));
        }
    }

    /// <summary>A stream is open until the result is disposed of.</summary>
    public OpenStream StreamOpened()
    {
        Interlocked.Increment(ref _openStreams);
        return new OpenStream(this);
    }

    /// <summary>One attempt upstream is over.</summary>
    /// <param name="destination">The destination's name, null when none could be chosen.</param>
    /// <param name="result">One of <see cref="AttemptResults"/>.</param>
    public void Attempted(string? destination, string result) =>
        _attempts.Add(1, Tag("destination", destination ?? "none"), Tag("result", result));

    /// <summary>A call goes on to another destination.</summary>
    public void Retried(string? destination) => _retries.Add(1, Tag("destination", destination ?? "none"));

    /// <summary>A batch of ended calls is in the database.</summary>
    public void BatchWritten(int calls, TimeSpan elapsed)
    {
        _batchSize.Record(calls);
        _batchDuration.Record(elapsed.TotalSeconds);
    }

    /// <summary>The database could not be used.</summary>
    /// <param name="operation">One of <see cref="DatabaseOperations"/>.</param>
    public void DatabaseFailed(string operation) => _databaseErrors.Add(1, Tag("operation", operation));

    /// <summary>A call cost more than was held for it.</summary>
    public void BoundExceeded(string model) => _boundExceeded.Add(1, Tag("model", model));

    /// <summary>The usage that the upstream reported for a call cannot be.</summary>
    /// <param name="model">The model.</param>
    /// <param name="reason">One of <see cref="ImpossibleReasons"/>.</param>
    public void ImpossibleUsage(string model, string reason) => _impossibleUsage.Add(1, Tag("model", model), Tag("reason", reason));

    /// <summary>Ended calls were set aside, because the database does not take them.</summary>
    public void SetAside(int calls) => _setAside.Add(calls);

    /// <summary>A budget passed one of its thresholds.</summary>
    public void ThresholdPassed(int percent) => _thresholds.Add(1, Tag("percent", StatusText.Of(percent)));

    /// <summary>A call was given a smaller maximum, because its money covers no more.</summary>
    public void Clamped(string model) => _clamps.Add(1, Tag("model", model));

    /// <summary>A limit in shadow mode would have refused.</summary>
    public void ShadowHit(string scope, string window) => _shadowHits.Add(1, Tag("scope", scope), Tag("window", window));

    /// <summary>A message was sent to a chat, with one of <see cref="ChatResults"/>.</summary>
    public void ChatMessage(string result) => _chatMessages.Add(1, Tag("result", result));

    /// <summary>The journal brought a file to the disk, or could not.</summary>
    public void JournalSynced(TimeSpan elapsed, bool isSynced)
    {
        _journalSyncs.Record(elapsed.TotalSeconds);
        if (!isSynced)
        {
            _journalSyncFailures.Add(1);
        }
    }

    /// <summary>The journal did not take a record.</summary>
    /// <param name="record">One of <see cref="JournalRecordKinds"/>.</param>
    /// <param name="outcome">Why.</param>
    public void NotJournaled(string record, JournalOutcome outcome) =>
        _notJournaled.Add(1, Tag("record", record), Tag("reason", JournalReasons.Of(outcome)));

    public void Dispose() => _meter.Dispose();

    private void MeasureOperation(Call call, in CallSummary summary, TimeSpan elapsed)
    {
        var tags = GenAiTags(call);
        if (summary.Outcome != Outcomes.Ok)
        {
            tags.Add(Tag("error.type", summary.Outcome));
        }
        _operationDuration.Record(elapsed.TotalSeconds, tags);
    }

    private void MeasureOverhead(Call call, in CallSummary summary, long end)
    {
        _overhead.Record(summary.OverheadBefore.TotalSeconds, Tag("phase", "before"));
        if (call.UpstreamEndTimestamp > 0)
        {
            _overhead.Record(Stopwatch.GetElapsedTime(call.UpstreamEndTimestamp, end).TotalSeconds, Tag("phase", "after"));
        }
    }

    private void MeasureSpeed(Call call)
    {
        if (call is not { FirstBodyTimestamp: > 0, Result: { Record: { IsStream: true, UsageSource: UsageSources.Reported } } result })
        {
            return;
        }
        var tags = GenAiTags(call);
        _timeToFirstToken.Record(Stopwatch.GetElapsedTime(call.SentTimestamp, call.FirstBodyTimestamp).TotalSeconds, tags);
        var tokens = result.Usage.CompletionTokens;
        if (tokens > 1 && call.UpstreamEndTimestamp > 0)
        {
            _timePerOutputToken.Record(
                Stopwatch.GetElapsedTime(call.FirstBodyTimestamp, call.UpstreamEndTimestamp).TotalSeconds / (tokens - 1),
                tags
            );
        }
    }

    private void AddTokens(in TagList tags, in TokenUsage usage)
    {
        for (var group = TokenGroup.Input; (int)group < TokenClasses.Groups; group++)
        {
            AddTokens(tags, TokenClasses.NameOf(group), usage.Of(group));
        }
    }

    private void AddTokens(in TagList tags, string tokenClass, long count)
    {
        if (count > 0)
        {
            _tokens.Add(count, With(tags, Tag("class", tokenClass)));
        }
    }

    private static TagList GenAiTags(Call call) =>
        new()
        {
            Tag("gen_ai.operation.name", call.Api.OperationName),
            Tag("gen_ai.provider.name", call.Model.Provider ?? Other),
            Tag("gen_ai.request.model", call.Model.Name),
        };

    private static TagList With(TagList tags, KeyValuePair<string, object?> tag)
    {
        tags.Add(tag);
        return tags;
    }

    /// <summary>A label.</summary>
    internal static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);

    /// <summary>Money as metrics tell it.</summary>
    internal static double Usd(long nanoUsd) => nanoUsd / 1e9;

    /// <summary>Counts a stream as open until disposed of.</summary>
    public readonly struct OpenStream(GatewayMetrics metrics) : IDisposable
    {
        public void Dispose() => Interlocked.Decrement(ref metrics._openStreams);
    }
}
