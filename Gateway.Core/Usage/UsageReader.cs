using System.Text.Json;
using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>
/// Reads usage objects as providers send them (<see cref="UsageNames"/>) and makes the classes disjoint. Starts from <c>prompt_tokens</c>,
/// cache reads and cache writes, never from <c>text_tokens</c>, whose meaning differs by provider. A number given under several names, or
/// in several usage objects of one answer, is one number: the largest is taken, never the sum. That puts together what comes in parts (both
/// halves of a Messages stream), follows counts that grow with a stream, and keeps a poorer report from replacing a richer one. Details
/// that do not fit are cut, so that the classes always add up to the prompt and to the completion. Tolerates null, floats (rounded up),
/// numbers in strings, negatives (zero), broken text and what it does not know.
/// </summary>
public struct UsageReader
{
    private static readonly TokenClass[] Media =
    [
        .. TokenClasses.All.Where(c => TokenClasses.IsMedia(c) && TokenClasses.GroupOf(c) != TokenGroup.CacheRead),
    ];

    private long _prompt;
    private long _promptBeside;
    private long _completion;
    private long _candidates;
    private long _thoughts;
    private long _total;
    private long _processed;
    private long _reused;
    private bool _hasPrompt;
    private bool _hasCompletion;
    private TokenCounts _told; // of the classes that providers report as such
    private long _cacheWrite;
    private long _cacheWrite5m;
    private long _cacheWrite1h;
    private long _webSearches;
    private long _imagesIn;
    private long _inputMilliseconds;
    private long _searchUnits;
    private bool _hasDetails;
    private bool _isImpossible;
    private Money? _cost;
    private ServiceTier? _serviceTier;

    /// <summary>Whether any part told how long the prompt was.</summary>
    public readonly bool HasPrompt => _hasPrompt || _total > 0;

    /// <summary>The answer's tokens as told so far: grows while a stream tells more.</summary>
    public readonly long Completion => Math.Max(_completion, _candidates + _thoughts);

    /// <summary>Reads one usage object. False when it is no object, or no JSON at all; never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> usageJson, UsageShape shape, out ReportedUsage usage)
    {
        var reader = new UsageReader();
        var read = reader.TryAdd(usageJson);
        usage = read ? reader.ToUsage(shape) : default;
        return read;
    }

    /// <summary>Takes the numbers of one more usage object of the same answer. False, and nothing taken, when it is no usage.</summary>
    public bool TryAdd(ReadOnlySpan<byte> usageJson)
    {
        var before = this;
        try
        {
            var reader = new Utf8JsonReader(UpstreamJson.Mend(usageJson), new() { MaxDepth = JsonMemberScanner.MaxDepth });
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, UsagePlace.Usage);
                return true;
            }
        }
        catch (JsonException)
        {
            this = before;
        }
        return false;
    }

    /// <summary>Takes what another reader has read of the same answer.</summary>
    public void Add(in UsageReader other)
    {
        _prompt = Math.Max(_prompt, other._prompt);
        _promptBeside = Math.Max(_promptBeside, other._promptBeside);
        _completion = Math.Max(_completion, other._completion);
        _candidates = Math.Max(_candidates, other._candidates);
        _thoughts = Math.Max(_thoughts, other._thoughts);
        _total = Math.Max(_total, other._total);
        _processed = Math.Max(_processed, other._processed);
        _reused = Math.Max(_reused, other._reused);
        _hasPrompt |= other._hasPrompt;
        _hasCompletion |= other._hasCompletion;
        for (var i = 0; i < TokenClasses.Counted; i++)
        {
            _told[i] = Math.Max(_told[i], other._told[i]);
        }
        _cacheWrite = Math.Max(_cacheWrite, other._cacheWrite);
        _cacheWrite5m = Math.Max(_cacheWrite5m, other._cacheWrite5m);
        _cacheWrite1h = Math.Max(_cacheWrite1h, other._cacheWrite1h);
        _webSearches = Math.Max(_webSearches, other._webSearches);
        _imagesIn = Math.Max(_imagesIn, other._imagesIn);
        _inputMilliseconds = Math.Max(_inputMilliseconds, other._inputMilliseconds);
        _searchUnits = Math.Max(_searchUnits, other._searchUnits);
        _hasDetails |= other._hasDetails;
        _isImpossible |= other._isImpossible;
        TakeCost(other._cost);
        _serviceTier = other._serviceTier ?? _serviceTier;
    }

    /// <summary>Takes a count that stands alone in the answer (Ollama's), as raw JSON.</summary>
    internal bool TryAddCount(UsageField field, ReadOnlySpan<byte> numberJson)
    {
        if (!TryParseCount(numberJson.Trim((byte)'"'), 0, out var value, out var isExact))
        {
            return false;
        }
        _isImpossible |= value > TokenUsage.MaxCount || !isExact;
        value = Math.Clamp(value, 0, TokenUsage.MaxCount);
        if (field == UsageField.Prompt)
        {
            (_prompt, _hasPrompt) = (Math.Max(_prompt, value), true);
        }
        else
        {
            (_completion, _hasCompletion) = (Math.Max(_completion, value), true);
        }
        return true;
    }

    /// <summary>What has been added so far, in disjoint classes.</summary>
    public readonly ReportedUsage ToUsage(UsageShape shape)
    {
        var (prompt, completion) = Sides(shape, out var cacheWrite, out var thought);
        var counts = _told;
        var (rest, said) = (prompt, completion);
        var cached = Take(ref rest, Math.Max(_told[(int)TokenClass.CacheRead], _reused));
        counts[(int)TokenClass.CacheReadAudio] = Take(ref cached, _told[(int)TokenClass.CacheReadAudio]);
        counts[(int)TokenClass.CacheReadImage] = Take(ref cached, _told[(int)TokenClass.CacheReadImage]);
        counts[(int)TokenClass.CacheRead] = cached;
        cacheWrite = Take(ref rest, cacheWrite);
        counts[(int)TokenClass.CacheWrite1h] = Math.Min(_cacheWrite1h, cacheWrite);
        counts[(int)TokenClass.CacheWrite] = cacheWrite - counts[(int)TokenClass.CacheWrite1h];
        counts[(int)TokenClass.Reasoning] = Take(ref said, thought);
        foreach (var media in Media)
        {
            ref var side = ref TokenClasses.IsOfPrompt(media) ? ref rest : ref said;
            counts[(int)media] = Take(ref side, Math.Max(0, _told[(int)media] - CachedOf(counts, media)));
        }
        (counts[(int)TokenClass.Input], counts[(int)TokenClass.Output]) = (rest, said);
        var tokens = new TokenUsage(counts)
        {
            Items = new()
            {
                WebSearches = _webSearches,
                ImagesIn = _imagesIn,
                InputMilliseconds = _inputMilliseconds,
                SearchUnits = _searchUnits,
            },
        };
        return new(tokens, _serviceTier, _cost, _hasDetails) { IsImpossible = _isImpossible };
    }

    // The whole prompt and the whole answer, what is told beside them included.
    private readonly (long Prompt, long Completion) Sides(UsageShape shape, out long cacheWrite, out long thought)
    {
        var prompt = Math.Max(_prompt + _promptBeside, _processed + _reused);
        var completion = Completion;
        cacheWrite = Math.Max(_cacheWrite, _cacheWrite5m + _cacheWrite1h);
        thought = Math.Max(_told[(int)TokenClass.Reasoning], _thoughts);
        if (!_hasPrompt && _hasCompletion)
        {
            return (WithCache(shape, Math.Max(prompt, _total - completion), cacheWrite), completion);
        }
        if (!_hasCompletion && shape == UsageShape.Pieces)
        {
            return (Math.Max(prompt, _total), completion);
        }
        if (!_hasCompletion)
        {
            return (WithCache(shape, prompt, cacheWrite), Math.Max(completion, _total - prompt));
        }
        if (shape == UsageShape.Messages)
        {
            return (WithCache(shape, prompt, cacheWrite), completion);
        }
        // What the total has beyond both: the cache where it stands beside the prompt (Bedrock), else thoughts that the answer's count
        // leaves out (xAI, Gemini).
        var beside = Math.Max(0, _total - prompt - completion);
        if (beside > 0 && beside == _told[(int)TokenClass.CacheRead] + cacheWrite && beside != thought)
        {
            return (prompt + beside, completion);
        }
        thought = Math.Max(thought, beside);
        return (prompt, completion + beside);
    }

    private readonly long WithCache(UsageShape shape, long prompt, long cacheWrite) =>
        shape == UsageShape.Messages ? prompt + _told[(int)TokenClass.CacheRead] + cacheWrite : prompt;

    // OpenAI's realtime API counts sound that was in the cache both as sound and as cached.
    private static long CachedOf(in TokenCounts counts, TokenClass media) =>
        media switch
        {
            TokenClass.InputAudio => counts[(int)TokenClass.CacheReadAudio],
            TokenClass.InputImage => counts[(int)TokenClass.CacheReadImage],
            _ => 0,
        };

    private static long Take(ref long rest, long wanted)
    {
        var taken = Math.Min(rest, wanted);
        rest -= taken;
        return taken;
    }

    private void ReadObject(ref Utf8JsonReader reader, UsagePlace place)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader, place);
            reader.Read();
            if (!TryReadField(ref reader, field))
            {
                reader.Skip();
            }
        }
    }

    private static UsageField FieldOf(ref Utf8JsonReader reader, UsagePlace place)
    {
        if (!reader.ValueIsEscaped)
        {
            return UsageNames.Find(place, reader.ValueSpan);
        }
        Span<byte> name = stackalloc byte[6 * UsageNames.LongestName];
        return reader.ValueSpan.Length > name.Length ? UsageField.None : UsageNames.Find(place, name[..reader.CopyString(name)]);
    }

    // False when the value is still to be stepped over.
    private bool TryReadField(ref Utf8JsonReader reader, UsageField field) =>
        field switch
        {
            UsageField.None => false,
            UsageField.PromptDetails => TryReadDetails(ref reader),
            UsageField.CompletionDetails => TryEnter(ref reader, UsagePlace.CompletionDetails),
            UsageField.CacheWriteDetails => TryEnter(ref reader, UsagePlace.CacheWriteDetails),
            UsageField.CachedDetails => TryEnter(ref reader, UsagePlace.CachedDetails),
            UsageField.ServerTools => TryEnter(ref reader, UsagePlace.ServerTools),
            UsageField.BilledUnits => TryEnter(ref reader, UsagePlace.BilledUnits),
            UsageField.Inner => TryEnter(ref reader, UsagePlace.Usage),
            UsageField.Cost => TryReadCost(ref reader) || TryEnter(ref reader, UsagePlace.Cost),
            UsageField.ServiceTier => TryReadServiceTier(ref reader),
            _ => TryReadNumber(ref reader, field),
        };

    private bool TryReadNumber(ref Utf8JsonReader reader, UsageField field)
    {
        switch (field)
        {
            case UsageField.Prompt:
                return Note(ref _hasPrompt, TryReadCount(ref reader, ref _prompt, isWhole: true));
            case UsageField.Completion:
                return Note(ref _hasCompletion, TryReadCount(ref reader, ref _completion, isWhole: true));
            case UsageField.Candidates:
                return Note(ref _hasCompletion, TryReadCount(ref reader, ref _candidates, isWhole: true));
            case UsageField.Processed:
                return Note(ref _hasPrompt, TryReadCount(ref reader, ref _processed, isWhole: true));
            case UsageField.InputSeconds:
                return TryReadCount(ref reader, ref _inputMilliseconds, scale: 3);
            case UsageField.PromptBeside:
                return TryReadCount(ref reader, ref _promptBeside);
            case UsageField.Thoughts:
                return TryReadCount(ref reader, ref _thoughts);
            case UsageField.Total:
                return TryReadCount(ref reader, ref _total, isWhole: true);
            case UsageField.Reused:
                return TryReadCount(ref reader, ref _reused);
            default:
                return TryReadDetail(ref reader, field);
        }
    }

    private bool TryReadDetail(ref Utf8JsonReader reader, UsageField field)
    {
        if (field >= UsageField.FirstClass)
        {
            return TryReadCount(ref reader, ref _told[field - UsageField.FirstClass]);
        }
        switch (field)
        {
            case UsageField.CacheWrite:
                return TryReadCount(ref reader, ref _cacheWrite);
            case UsageField.CacheWrite5m:
                return TryReadCount(ref reader, ref _cacheWrite5m);
            case UsageField.CacheWrite1h:
                return TryReadCount(ref reader, ref _cacheWrite1h);
            case UsageField.WebSearches:
                return TryReadCount(ref reader, ref _webSearches);
            case UsageField.SearchUnits:
                return TryReadCount(ref reader, ref _searchUnits);
            default:
                return TryReadCount(ref reader, ref _imagesIn);
        }
    }

    private static bool Note(ref bool isTold, bool read)
    {
        isTold |= read;
        return read;
    }

    private bool TryReadDetails(ref Utf8JsonReader reader)
    {
        var entered = TryEnter(ref reader, UsagePlace.PromptDetails);
        _hasDetails |= entered;
        return entered;
    }

    private bool TryEnter(ref Utf8JsonReader reader, UsagePlace place)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }
        ReadObject(ref reader, place);
        return true;
    }

    private bool TryReadCost(ref Utf8JsonReader reader)
    {
        var isNumber = reader.TokenType is JsonTokenType.Number or JsonTokenType.String;
        if (isNumber && Money.TryParse(reader.ValueSpan, out var cost) && cost >= Money.Zero)
        {
            TakeCost(cost);
        }
        return isNumber;
    }

    private void TakeCost(Money? cost)
    {
        if (cost is { } told && (_cost is not { } known || told > known))
        {
            _cost = told;
        }
    }

    private bool TryReadServiceTier(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            _serviceTier = ServiceTiers.Parse(reader.ValueSpan);
        }
        return false;
    }

    /// <summary>Reads a count of units times 10^scale; keeps the larger of this and what is known already.</summary>
    /// <remarks>
    /// The counts of the whole prompt and answer are whole numbers, or the usage is impossible; in details some providers write -1 for "not
    /// counted".
    /// </remarks>
    private bool TryReadCount(ref Utf8JsonReader reader, ref long count, int scale = 0, bool isWhole = false)
    {
        if (
            reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String)
            || !TryParseCount(reader.ValueSpan, scale, out var value, out var isExact)
        )
        {
            return false;
        }
        _isImpossible |= value > TokenUsage.MaxCount || (isWhole && !isExact);
        count = Math.Max(count, Math.Clamp(value, 0, TokenUsage.MaxCount));
        return true;
    }

    private static bool TryParseCount(ReadOnlySpan<byte> text, int scale, out long value, out bool isExact)
    {
        // Three digits more than asked for, so that a fraction can be rounded up: half a token is a token.
        const int Extra = 3;
        if (DecimalText.TryParseScaled(text, scale + Extra, out var scaled))
        {
            value = scaled <= 0 ? 0 : (scaled / 1000) + (scaled % 1000 > 0 ? 1 : 0);
            isExact = scaled >= 0 && scaled % 1000 == 0;
            return true;
        }
        // Too large for the extra digits: a number all the same, if it is one at all.
        isExact = false;
        var isNumber = System.Buffers.Text.Utf8Parser.TryParse(text, out double number, out var consumed) && consumed == text.Length;
        value = number > 0 ? long.MaxValue : 0;
        return isNumber;
    }
}
