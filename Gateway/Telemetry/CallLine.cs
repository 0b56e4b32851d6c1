using System.Collections;
using System.Text.Json;
using Gateway.Core.Pricing;

namespace Gateway.Telemetry;

/// <summary>
/// The values of one line of the call log, as they were at the call's end. Text is made of them later, by the one who writes the line: JSON
/// (<see cref="WriteTo"/>), a sentence (<see cref="ToString"/>), or any logger's own form (the list of names and values).
/// </summary>
internal sealed class CallLine : IReadOnlyList<KeyValuePair<string, object?>>
{
    private static readonly JsonEncodedText TimestampName = JsonEncodedText.Encode("Timestamp");
    private static readonly JsonEncodedText CategoryName = JsonEncodedText.Encode("Category");
    private static readonly JsonEncodedText CategoryValue = JsonEncodedText.Encode(CallLog.Category);
    private static readonly JsonEncodedText RequestIdName = JsonEncodedText.Encode(nameof(RequestId));
    private static readonly JsonEncodedText TraceIdName = JsonEncodedText.Encode(nameof(TraceId));
    private static readonly JsonEncodedText UserIdName = JsonEncodedText.Encode(nameof(UserId));
    private static readonly JsonEncodedText ApiKeyIdName = JsonEncodedText.Encode(nameof(ApiKeyId));
    private static readonly JsonEncodedText TeamIdName = JsonEncodedText.Encode(nameof(TeamId));
    private static readonly JsonEncodedText TierIdName = JsonEncodedText.Encode(nameof(TierId));
    private static readonly JsonEncodedText ApiName = JsonEncodedText.Encode(nameof(Api));
    private static readonly JsonEncodedText ModelName = JsonEncodedText.Encode(nameof(Model));
    private static readonly JsonEncodedText OutcomeName = JsonEncodedText.Encode(nameof(Outcome));
    private static readonly JsonEncodedText StatusName = JsonEncodedText.Encode(nameof(Status));
    private static readonly JsonEncodedText CodeName = JsonEncodedText.Encode(nameof(Code));
    private static readonly JsonEncodedText StreamName = JsonEncodedText.Encode("Stream");
    private static readonly JsonEncodedText AttemptsName = JsonEncodedText.Encode(nameof(Attempts));
    private static readonly JsonEncodedText PromptTokensName = JsonEncodedText.Encode(nameof(PromptTokens));
    private static readonly JsonEncodedText CompletionTokensName = JsonEncodedText.Encode(nameof(CompletionTokens));
    private static readonly JsonEncodedText UsageSourceName = JsonEncodedText.Encode(nameof(UsageSource));
    private static readonly JsonEncodedText CostUsdName = JsonEncodedText.Encode("CostUsd");
    private static readonly JsonEncodedText DurationMsName = JsonEncodedText.Encode("DurationMs");
    private static readonly JsonEncodedText OverheadMsName = JsonEncodedText.Encode("OverheadMs");
    private static readonly JsonEncodedText FirstByteMsName = JsonEncodedText.Encode("FirstByteMs");

    private KeyValuePair<string, object?>[]? _values;

    /// <summary>When the call ended.</summary>
    public required DateTime At { get; init; }

    public required string RequestId { get; init; }

    public required string? TraceId { get; init; }

    public required string? UserId { get; init; }

    public required string? ApiKeyId { get; init; }

    public required string? TeamId { get; init; }

    public required string? TierId { get; init; }

    public required string Api { get; init; }

    public required string Model { get; init; }

    public required string Outcome { get; init; }

    public required int Status { get; init; }

    /// <summary>The code of a refusal.</summary>
    public required string? Code { get; init; }

    public required TimeSpan Duration { get; init; }

    /// <summary>Whether the call was settled; the members below are of settled calls alone.</summary>
    public required bool IsSettled { get; init; }

    public required bool IsStream { get; init; }

    public required int Attempts { get; init; }

    public required long PromptTokens { get; init; }

    public required long CompletionTokens { get; init; }

    public required string? UsageSource { get; init; }

    public required long CostNanoUsd { get; init; }

    /// <summary>The gateway's own time before the upstream.</summary>
    public required TimeSpan Overhead { get; init; }

    /// <summary>From sending to the first byte of the upstream's answer; null when none came.</summary>
    public required TimeSpan? FirstByte { get; init; }

    /// <inheritdoc/>
    public int Count => Values().Length;

    /// <inheritdoc/>
    public KeyValuePair<string, object?> this[int index] => Values()[index];

    /// <summary>Writes one JSON object; members without a value are left out.</summary>
    public void WriteTo(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteString(TimestampName, At.AddTicks(-(At.Ticks % TimeSpan.TicksPerMillisecond)));
        json.WriteString(CategoryName, CategoryValue);
        json.WriteString(ApiName, Api);
        json.WriteString(ModelName, Model);
        json.WriteString(OutcomeName, Outcome);
        json.WriteNumber(StatusName, Status);
        Write(json, CodeName, Code);
        if (IsSettled)
        {
            json.WriteBoolean(StreamName, IsStream);
            json.WriteNumber(AttemptsName, Attempts);
            json.WriteNumber(PromptTokensName, PromptTokens);
            json.WriteNumber(CompletionTokensName, CompletionTokens);
            Write(json, UsageSourceName, UsageSource);
            json.WriteString(CostUsdName, Money.FromNanoUsd(CostNanoUsd).ToString());
        }
        json.WriteNumber(DurationMsName, Milliseconds(Duration));
        if (IsSettled)
        {
            json.WriteNumber(OverheadMsName, Milliseconds(Overhead));
            if (FirstByte is { } firstByte)
            {
                json.WriteNumber(FirstByteMsName, Milliseconds(firstByte));
            }
        }
        Write(json, UserIdName, UserId);
        Write(json, ApiKeyIdName, ApiKeyId);
        Write(json, TeamIdName, TeamId);
        Write(json, TierIdName, TierId);
        json.WriteString(RequestIdName, RequestId);
        Write(json, TraceIdName, TraceId);
        json.WriteEndObject();
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, object?>> GetEnumerator() => Values().AsEnumerable().GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The line for eyes.</summary>
    public override string ToString()
    {
        var what = IsSettled
            ? $"{PromptTokens} + {CompletionTokens} tokens ({UsageSource}), {Money.FromNanoUsd(CostNanoUsd)} USD, {Milliseconds(Duration)} "
                + $"ms (gateway {Milliseconds(Overhead)}, first byte {Milliseconds(FirstByte)}), stream {IsStream}, attempts {Attempts}"
            : $"{Code}, {Milliseconds(Duration)} ms";
        return $"{Api} {Model} {Outcome} {Status}: {what}, user {UserId}, key {ApiKeyId}, team {TeamId}, tier {TierId}, "
            + $"request {RequestId}, trace {TraceId}.";
    }

    private static void Write(Utf8JsonWriter json, JsonEncodedText name, string? value)
    {
        if (value is not null)
        {
            json.WriteString(name, value);
        }
    }

    private static double Milliseconds(TimeSpan time) => Math.Round(time.TotalMilliseconds, 3);

    private static double? Milliseconds(TimeSpan? time) => time is { } known ? Milliseconds(known) : null;

    private KeyValuePair<string, object?>[] Values() =>
        _values ??= [
            new(nameof(Api), Api),
            new(nameof(Model), Model),
            new(nameof(Outcome), Outcome),
            new(nameof(Status), Status),
            new(nameof(Code), Code),
            .. IsSettled ? SettledValues() : [],
            new("DurationMs", Milliseconds(Duration)),
            new(nameof(UserId), UserId),
            new(nameof(ApiKeyId), ApiKeyId),
            new(nameof(TeamId), TeamId),
            new(nameof(TierId), TierId),
            new(nameof(RequestId), RequestId),
            new(nameof(TraceId), TraceId),
        ];

    private KeyValuePair<string, object?>[] SettledValues() =>
        [
            new("Stream", IsStream),
            new(nameof(Attempts), Attempts),
            new(nameof(PromptTokens), PromptTokens),
            new(nameof(CompletionTokens), CompletionTokens),
            new(nameof(UsageSource), UsageSource),
            new("CostUsd", Money.FromNanoUsd(CostNanoUsd)),
            new("OverheadMs", Milliseconds(Overhead)),
            new("FirstByteMs", Milliseconds(FirstByte)),
        ];
}
