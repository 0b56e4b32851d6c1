using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>What both meters gather of an answer, and the one rule by which it is judged at the end.</summary>
internal struct AnswerLedger
{
    private UsageReader _usage;
    private bool _hasUsage;
    private long _countedBytes;
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
    private int _searches;
    private long _pieces;
    private long _finalBytes;
    private string? _size;
    private AnswerState _state;
    private string? _quality;

    public readonly bool HasId => _id is not null;

    public readonly string? Id => _id;

    /// <summary>Whether a usage was read, be it zero.</summary>
    public readonly bool HasUsage => _hasUsage;

    /// <summary>What the answer said that it used, in the classes of a shape; null while that is nothing or impossible.</summary>
    public readonly (TokenUsage Usage, ServiceTier? Tier)? ReportedAs(UsageShape shape) =>
        _hasUsage && _usage.ToUsage(shape) is { IsZero: false, IsImpossible: false } usage
            ? (usage.Tokens, _serviceTier ?? usage.ServiceTier)
            : null;

    /// <summary>Takes what the scanner kept. Usages are put together, of several ids and models the first one counts.</summary>
    /// <returns>True when the root has a usage, read or too strange to read.</returns>
    public bool Take(JsonMemberScanner scanner)
    {
        HasContent |= scanner.HasContent;
        ContentBytes += scanner.ContentBytes;
        _soundBytes += scanner.SoundBytes;
        _images += scanner.Images;
        _searches = Math.Max(_searches, scanner.Searches);
        if (scanner.BringsThings)
        {
            TakeThings(scanner);
        }
        else
        {
            _state = StateOf(scanner.Captured(AnswerMember.Status)) ?? _state;
        }
        _id ??= AnswerText.ReadString(scanner.Captured(AnswerMember.Id));
        _model ??= AnswerText.ReadString(scanner.Captured(AnswerMember.Model));
        _finishReasons |= scanner.FinishReasons;
        _serviceTier = scanner.BringsThings
            ? _serviceTier
            : AnswerText.ReadServiceTier(scanner.Captured(AnswerMember.ServiceTier)) ?? _serviceTier;
        if (HasError(scanner))
        {
            Fail(AnswerText.ReadError(scanner.Captured(AnswerMember.Error)));
        }
        if (scanner.HasUsage)
        {
            TakeUsage(scanner.Usages);
        }
        return scanner.Has(AnswerMember.Usage);
    }

    private void TakeThings(JsonMemberScanner scanner)
    {
        _pieces += scanner.Pieces + (scanner.Event == AnswerEvent.PieceDone && scanner.Pieces == 0 ? 1 : 0);
        _size = AnswerText.ReadString(scanner.Captured(AnswerMember.ImageSize)) ?? _size;
        _quality = AnswerText.ReadString(scanner.Captured(AnswerMember.ImageQuality)) ?? _quality;
        if (scanner.FinalBytes > 0)
        {
            // What the pieces brought before is part of it.
            _finalBytes = Math.Max(_finalBytes, scanner.FinalBytes);
            ContentBytes = Math.Max(ContentBytes, _finalBytes);
        }
    }

    private static AnswerState? StateOf(ReadOnlySpan<byte> status) =>
        status.IsEmpty ? null
        : status.SequenceEqual("\"queued\""u8) || status.SequenceEqual("\"in_progress\""u8) ? AnswerState.AtWork
        : status.SequenceEqual("\"failed\""u8) ? AnswerState.Failed
        : AnswerState.Ended;

    /// <summary>Whether there is an error that says something: many upstreams write an empty one beside a whole answer.</summary>
    public static bool HasError(JsonMemberScanner scanner) =>
        scanner.Has(AnswerMember.Error)
        && (scanner.IsOversize(AnswerMember.Error) || AnswerText.SaysSomething(scanner.Captured(AnswerMember.Error)));

    public void Fail(AnswerError error) => _error ??= error;

    /// <summary>
    /// An error means failed, whatever else came. Neither content nor usage means failed too. Usage zero is no usage: with content the
    /// counts are estimated. Else the proper end decides between complete and truncated.
    /// </summary>
    public readonly MeteredAnswer Close(UsageShape shape, long requestBodyBytes, bool hasProperEnd)
    {
        var reported = _usage.ToUsage(shape);
        var source = UsageSource.None;
        TokenUsage? usage = null;
        if (_hasUsage && !reported.IsZero)
        {
            usage = Completed(reported.Tokens, requestBodyBytes);
            source = usage == reported.Tokens ? UsageSource.Reported : UsageSource.Estimated;
        }
        else if (HasContent || StrayBytes > 0)
        {
            (usage, source) = (
                UsageEstimator.Estimate(requestBodyBytes, ContentBytes + StrayBytes, _soundBytes, _images),
                UsageSource.Estimated
            );
        }
        return new()
        {
            Usage =
                usage is { } used && _searches > used.Items.WebSearches
                    ? used with
                    {
                        Items = used.Items with { WebSearches = _searches },
                    }
                    : usage,
            UsageSource = source,
            Outcome =
                _error is not null || source == UsageSource.None ? AnswerOutcome.Failed
                : hasProperEnd ? AnswerOutcome.Complete
                : AnswerOutcome.Truncated,
            AnswerId = _id,
            AnswerModel = _model,
            FinishReasons = _finishReasons,
            ServiceTier = _serviceTier ?? reported.ServiceTier,
            UsageCost = reported.Cost,
            IsUsageImpossible = _hasUsage && reported is { IsZero: false, IsImpossible: true },
            ContentBytes = ContentBytes,
            HasContent = HasContent,
            State = _state,
            Things =
                shape == UsageShape.Pieces
                    ? new AnswerThings
                    {
                        Pieces = _pieces,
                        SoundBytes = _soundBytes,
                        ImageSize = _size,
                        ImageQuality = _quality,
                    }
                    : null,
            Error = _error,
        };
    }

    // A report that is poorer than what was known says nothing about the text before it.
    private void TakeUsage(in UsageReader usage)
    {
        var known = _usage.Completion;
        _usage.Add(usage);
        _hasUsage = true;
        if (usage.Completion >= known)
        {
            _countedBytes = ContentBytes;
        }
    }

    // What a report leaves out is estimated: the prompt that it does not name, text that it counts as nothing, text that came after it.
    private readonly TokenUsage Completed(TokenUsage told, long requestBodyBytes)
    {
        if (told.TotalTokens == 0)
        {
            return told; // used by the piece
        }
        var estimate = UsageEstimator.Estimate(requestBodyBytes, ContentBytes);
        if (!_usage.HasPrompt && told.PromptTokens == 0)
        {
            told = told with { Input = estimate.Input };
        }
        var isUncounted = told.CompletionTokens == 0 || ContentBytes > _countedBytes;
        return isUncounted && estimate.Output > told.CompletionTokens
            ? told with
            {
                Output = told.Output + estimate.Output - told.CompletionTokens,
            }
            : told;
    }
}
