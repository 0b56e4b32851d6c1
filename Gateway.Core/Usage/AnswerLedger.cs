using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>What both meters gather of an answer, and the one rule by which it is judged at the end.</summary>
internal struct AnswerLedger
{
    private ReportedUsage? _usage;
    private ServiceTier? _serviceTier;
    private string? _id;
    private string? _model;
    private FinishReasons _finishReasons;
    private AnswerError? _error;

    public bool HasContent { get; set; }

    public long ContentBytes { get; set; }

    /// <summary>Bytes that passed and are nothing that could be read; an estimate takes them for text.</summary>
    public long StrayBytes { get; set; }

    private long _soundBytes;
    private long _images;

    public readonly bool HasId => _id is not null;

    public readonly string? Id => _id;

    public readonly (TokenUsage Usage, ServiceTier? Tier)? Reported => _usage is { IsZero: false } usage ? (usage.Tokens, _serviceTier ?? usage.ServiceTier) : null;

    /// <summary>Takes what the scanner kept. Of several usages the last one counts, of several ids and models the first.</summary>
    /// <returns>True when there is a usage, read or too strange to read.</returns>
    public bool Take(JsonMemberScanner scanner, UsageShape shape)
    {
        HasContent |= scanner.HasContent;
        ContentBytes += scanner.ContentBytes;
        _soundBytes += scanner.SoundBytes;
        _images += scanner.Images;
        _id ??= AnswerText.ReadString(scanner.Captured(AnswerMember.Id));
        _model ??= AnswerText.ReadString(scanner.Captured(AnswerMember.Model));
        _finishReasons |= scanner.FinishReasons;
        _serviceTier = AnswerText.ReadServiceTier(scanner.Captured(AnswerMember.ServiceTier)) ?? _serviceTier;
        if (scanner.Has(AnswerMember.Error))
        {
            Fail(AnswerText.ReadError(scanner.Captured(AnswerMember.Error)));
        }
        if (!scanner.Has(AnswerMember.Usage))
        {
            return false;
        }
        if (UsageReader.TryRead(scanner.Captured(AnswerMember.Usage), shape, out var usage))
        {
            _usage = usage;
        }
        return true;
    }

    public void Fail(AnswerError error) => _error ??= error;

    /// <summary>
    /// An error means failed, whatever else came. Neither content nor usage means failed too. Usage zero is no usage: with content the
    /// counts are estimated. Else the proper end decides between complete and truncated.
    /// </summary>
    public readonly MeteredAnswer Close(long requestBodyBytes, bool hasProperEnd)
    {
        var reported = _usage is { IsZero: false };
        var source = reported ? UsageSource.Reported : HasContent || StrayBytes > 0 ? UsageSource.Estimated : UsageSource.None;
        return new()
        {
            Usage = source switch
            {
                UsageSource.Reported => _usage!.Value.Tokens,
                UsageSource.Estimated => UsageEstimator.Estimate(requestBodyBytes, ContentBytes + StrayBytes, _soundBytes, _images),
                _ => null,
            },
            UsageSource = source,
            Outcome = _error is not null || source == UsageSource.None ? AnswerOutcome.Failed
                : hasProperEnd ? AnswerOutcome.Complete
                : AnswerOutcome.Truncated,
            AnswerId = _id,
            AnswerModel = _model,
            FinishReasons = _finishReasons,
            ServiceTier = _serviceTier ?? _usage?.ServiceTier,
            UsageCost = _usage?.Cost,
            ContentBytes = ContentBytes,
            HasContent = HasContent,
            Error = _error,
        };
    }
}
