using System.Text.Json;
using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>How an API counts: whether cached tokens are inside or beside its input.</summary>
public enum UsageShape : byte
{
    /// <summary>Chat, completions, embeddings: <c>prompt_tokens</c> holds cached tokens, <c>completion_tokens</c> holds reasoning.</summary>
    OpenAi,
    /// <summary>Responses, images, transcriptions: <c>input_tokens</c> holds cached tokens, <c>output_tokens</c> holds reasoning.</summary>
    Responses,
    /// <summary>Anthropic Messages: <c>input_tokens</c> stands beside cache reads and writes.</summary>
    Messages,
}

/// <summary>A usage object, understood.</summary>
/// <param name="Tokens">The counts in disjoint classes.</param>
/// <param name="ServiceTier">The tier named inside the usage, or null.</param>
/// <param name="Cost"><c>usage.cost</c>, or null.</param>
/// <param name="HasDetails">False when the prompt has no split at all: LiteLLM's sign that it counted a stream by itself.</param>
public readonly record struct ReportedUsage(TokenUsage Tokens, ServiceTier? ServiceTier, Money? Cost, bool HasDetails)
{
    /// <summary>Nothing was counted: with content in the answer this means "not reported".</summary>
    public bool IsZero => Tokens.IsZero;

    /// <summary>Its prompt or answer is no whole number, or a count is above <see cref="TokenUsage.MaxCount"/>: whatever the others say, it is no report.</summary>
    public bool IsImpossible { get; init; }
}

/// <summary>
/// Reads usage objects as LiteLLM sends them and makes the classes disjoint. Starts from <c>prompt_tokens</c>, cache reads and cache
/// writes, never from <c>text_tokens</c>, whose meaning differs by provider. A number given under several names is one number: the
/// largest is taken, never the sum. That also merges the two halves of a Messages stream: add both, then read.
/// Details that do not fit are cut, so that the classes always add up to the prompt and to the completion.
/// Tolerates null, floats (rounded up), numbers in strings, negatives (zero) and what it does not know.
/// </summary>
public struct UsageReader
{
    private long _prompt;
    private long _completion;
    private long _total;
    private bool _hasPrompt;
    private bool _hasCompletion;
    private long _cacheRead;
    private long _cacheWrite;
    private long _cacheWrite5m;
    private long _cacheWrite1h;
    private long _inputAudio;
    private long _inputImage;
    private long _inputVideo;
    private long _reasoning;
    private long _outputAudio;
    private long _outputImage;
    private long _webSearches;
    private long _imagesIn;
    private long _inputMilliseconds;
    private bool _hasDetails;
    private bool _isImpossible;
    private Money? _cost;
    private ServiceTier? _serviceTier;

    /// <summary>Reads one usage object. False when it is no object, or no JSON at all; never throws.</summary>
    public static bool TryRead(ReadOnlySpan<byte> usageJson, UsageShape shape, out ReportedUsage usage)
    {
        var reader = new UsageReader();
        var read = reader.TryAdd(usageJson);
        usage = read ? reader.ToUsage(shape) : default;
        return read;
    }

    /// <summary>Takes the numbers of one more usage object of the same answer. False, and nothing taken, when it is none.</summary>
    public bool TryAdd(ReadOnlySpan<byte> usageJson)
    {
        var before = this;
        try
        {
            var reader = new Utf8JsonReader(usageJson, new() { MaxDepth = JsonMemberScanner.MaxDepth });
            if (reader.Read() && reader.TokenType == JsonTokenType.StartObject)
            {
                ReadObject(ref reader, Place.Usage);
                return true;
            }
        }
        catch (JsonException)
        {
            this = before;
        }
        return false;
    }

    /// <summary>What has been added so far, in disjoint classes.</summary>
    public readonly ReportedUsage ToUsage(UsageShape shape)
    {
        var prompt = _prompt;
        var completion = _completion;
        if (!_hasPrompt && _hasCompletion)
        {
            prompt = Math.Max(0, _total - completion);
        }
        else if (!_hasCompletion)
        {
            completion = Math.Max(0, _total - prompt);
        }
        var cacheWrite = Math.Max(_cacheWrite, _cacheWrite5m + _cacheWrite1h);
        if (shape == UsageShape.Messages)
        {
            prompt += _cacheRead + cacheWrite;
        }
        var rest = prompt;
        var cacheRead = Take(ref rest, _cacheRead);
        cacheWrite = Take(ref rest, cacheWrite);
        var longWrite = Math.Min(_cacheWrite1h, cacheWrite);
        var inputAudio = Take(ref rest, _inputAudio);
        var inputImage = Take(ref rest, _inputImage);
        var inputVideo = Take(ref rest, _inputVideo);
        var said = completion;
        var reasoning = Take(ref said, _reasoning);
        var outputAudio = Take(ref said, _outputAudio);
        var outputImage = Take(ref said, _outputImage);
        var tokens = new TokenUsage
        {
            Input = rest,
            CacheRead = cacheRead,
            CacheWrite = cacheWrite - longWrite,
            CacheWrite1h = longWrite,
            InputAudio = inputAudio,
            InputImage = inputImage,
            InputVideo = inputVideo,
            Output = said,
            Reasoning = reasoning,
            OutputAudio = outputAudio,
            OutputImage = outputImage,
            Items = new() { WebSearches = _webSearches, ImagesIn = _imagesIn, InputMilliseconds = _inputMilliseconds },
        };
        return new(tokens, _serviceTier, _cost, _hasDetails) { IsImpossible = _isImpossible };
    }

    private static long Take(ref long rest, long wanted)
    {
        var taken = Math.Min(rest, wanted);
        rest -= taken;
        return taken;
    }

    private enum Place : byte
    {
        Usage,
        PromptDetails,
        CacheWriteDetails,
        CompletionDetails,
        ServerTools,
    }

    private void ReadObject(ref Utf8JsonReader reader, Place place)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            switch (place)
            {
                case Place.Usage:
                    ReadUsageMember(ref reader);
                    break;
                case Place.PromptDetails:
                    ReadPromptDetail(ref reader);
                    break;
                case Place.CacheWriteDetails:
                    ReadCacheWriteDetail(ref reader);
                    break;
                case Place.CompletionDetails:
                    ReadCompletionDetail(ref reader);
                    break;
                default:
                    ReadServerTool(ref reader);
                    break;
            }
        }
    }

    private void ReadUsageMember(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("prompt_tokens"u8) || reader.ValueTextEquals("input_tokens"u8))
        {
            _hasPrompt |= TryReadCount(ref reader, ref _prompt, isWhole: true);
        }
        else if (reader.ValueTextEquals("completion_tokens"u8) || reader.ValueTextEquals("output_tokens"u8))
        {
            _hasCompletion |= TryReadCount(ref reader, ref _completion, isWhole: true);
        }
        else if (reader.ValueTextEquals("total_tokens"u8))
        {
            TryReadCount(ref reader, ref _total, isWhole: true);
        }
        else if (reader.ValueTextEquals("prompt_tokens_details"u8) || reader.ValueTextEquals("input_tokens_details"u8) || reader.ValueTextEquals("input_token_details"u8))
        {
            _hasDetails |= TryEnter(ref reader, Place.PromptDetails);
        }
        else if (reader.ValueTextEquals("completion_tokens_details"u8) || reader.ValueTextEquals("output_tokens_details"u8) || reader.ValueTextEquals("output_token_details"u8))
        {
            TryEnter(ref reader, Place.CompletionDetails);
        }
        else if (reader.ValueTextEquals("cache_read_input_tokens"u8) || reader.ValueTextEquals("prompt_cache_hit_tokens"u8))
        {
            TryReadCount(ref reader, ref _cacheRead);
        }
        else if (reader.ValueTextEquals("cache_creation_input_tokens"u8))
        {
            TryReadCount(ref reader, ref _cacheWrite);
        }
        else if (reader.ValueTextEquals("cache_creation"u8))
        {
            TryEnter(ref reader, Place.CacheWriteDetails);
        }
        else if (reader.ValueTextEquals("server_tool_use"u8))
        {
            TryEnter(ref reader, Place.ServerTools);
        }
        else if (reader.ValueTextEquals("cost"u8))
        {
            ReadCost(ref reader);
        }
        else if (reader.ValueTextEquals("service_tier"u8))
        {
            ReadServiceTier(ref reader);
        }
        else if (reader.ValueTextEquals("seconds"u8))
        {
            TryReadCount(ref reader, ref _inputMilliseconds, scale: 3);
        }
        else
        {
            SkipValue(ref reader);
        }
    }

    private void ReadPromptDetail(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("cached_tokens"u8))
        {
            TryReadCount(ref reader, ref _cacheRead);
        }
        else if (reader.ValueTextEquals("cache_creation_tokens"u8) || reader.ValueTextEquals("cache_write_tokens"u8))
        {
            TryReadCount(ref reader, ref _cacheWrite);
        }
        else if (reader.ValueTextEquals("cache_creation_token_details"u8))
        {
            TryEnter(ref reader, Place.CacheWriteDetails);
        }
        else if (reader.ValueTextEquals("audio_tokens"u8))
        {
            TryReadCount(ref reader, ref _inputAudio);
        }
        else if (reader.ValueTextEquals("image_tokens"u8))
        {
            TryReadCount(ref reader, ref _inputImage);
        }
        else if (reader.ValueTextEquals("video_tokens"u8))
        {
            TryReadCount(ref reader, ref _inputVideo);
        }
        else if (reader.ValueTextEquals("image_count"u8))
        {
            TryReadCount(ref reader, ref _imagesIn);
        }
        else if (reader.ValueTextEquals("web_search_requests"u8))
        {
            TryReadCount(ref reader, ref _webSearches);
        }
        else
        {
            SkipValue(ref reader);
        }
    }

    private void ReadCacheWriteDetail(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("ephemeral_5m_input_tokens"u8))
        {
            TryReadCount(ref reader, ref _cacheWrite5m);
        }
        else if (reader.ValueTextEquals("ephemeral_1h_input_tokens"u8))
        {
            TryReadCount(ref reader, ref _cacheWrite1h);
        }
        else
        {
            SkipValue(ref reader);
        }
    }

    private void ReadCompletionDetail(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("reasoning_tokens"u8))
        {
            TryReadCount(ref reader, ref _reasoning);
        }
        else if (reader.ValueTextEquals("audio_tokens"u8))
        {
            TryReadCount(ref reader, ref _outputAudio);
        }
        else if (reader.ValueTextEquals("image_tokens"u8))
        {
            TryReadCount(ref reader, ref _outputImage);
        }
        else
        {
            SkipValue(ref reader);
        }
    }

    private void ReadServerTool(ref Utf8JsonReader reader)
    {
        if (reader.ValueTextEquals("web_search_requests"u8))
        {
            TryReadCount(ref reader, ref _webSearches);
        }
        else
        {
            SkipValue(ref reader);
        }
    }

    private bool TryEnter(ref Utf8JsonReader reader, Place place)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartObject)
        {
            ReadObject(ref reader, place);
            return true;
        }
        reader.Skip();
        return false;
    }

    private void ReadCost(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType is JsonTokenType.Number or JsonTokenType.String && Money.TryParse(reader.ValueSpan, out var cost) && cost >= Money.Zero)
        {
            _cost = cost;
        }
        reader.Skip();
    }

    private void ReadServiceTier(ref Utf8JsonReader reader)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.String)
        {
            _serviceTier = ServiceTiers.Parse(reader.ValueSpan);
        }
        reader.Skip();
    }

    private static void SkipValue(ref Utf8JsonReader reader)
    {
        reader.Read();
        reader.Skip();
    }

    /// <summary>Reads a count of units times 10^scale; keeps the larger of this and what is known already.</summary>
    /// <remarks>The counts of the whole prompt and answer are whole numbers, or the usage is impossible; in details some providers write -1 for "not counted".</remarks>
    private bool TryReadCount(ref Utf8JsonReader reader, ref long count, int scale = 0, bool isWhole = false)
    {
        reader.Read();
        if (reader.TokenType is not (JsonTokenType.Number or JsonTokenType.String))
        {
            reader.Skip();
            return false;
        }
        var text = reader.ValueSpan;
        if (!TryParseCount(text, scale, out var value, out var isExact))
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
