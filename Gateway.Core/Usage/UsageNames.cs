using System.Text;
using Gateway.Core.Pricing;

namespace Gateway.Core.Usage;

/// <summary>
/// The names under which providers tell what a call used, as data. A number that comes under several names is one number (the largest), so
/// a name more is never counted twice.
/// </summary>
internal static class UsageNames
{
    /// <summary>No longer name means anything.</summary>
    public const int LongestName = 40;

    private static readonly Entry[] All =
    [
        // OpenAI and all that follow it; input/output are the names of Responses, of Anthropic and of DashScope.
        new(UsagePlace.Usage, "prompt_tokens", UsageField.Prompt),
        new(UsagePlace.Usage, "input_tokens", UsageField.Prompt),
        new(UsagePlace.Usage, "completion_tokens", UsageField.Completion),
        new(UsagePlace.Usage, "output_tokens", UsageField.Completion),
        new(UsagePlace.Usage, "total_tokens", UsageField.Total),
        new(UsagePlace.Usage, "prompt_tokens_details", UsageField.PromptDetails),
        new(UsagePlace.Usage, "input_tokens_details", UsageField.PromptDetails),
        new(UsagePlace.Usage, "input_token_details", UsageField.PromptDetails),
        new(UsagePlace.Usage, "completion_tokens_details", UsageField.CompletionDetails),
        new(UsagePlace.Usage, "output_tokens_details", UsageField.CompletionDetails),
        new(UsagePlace.Usage, "output_token_details", UsageField.CompletionDetails),
        new(UsagePlace.Usage, "service_tier", UsageField.ServiceTier),
        new(UsagePlace.Usage, "seconds", UsageField.InputSeconds),
        // Beside the details: Moonshot and vLLM's kin, DeepSeek, Perplexity and others.
        new(UsagePlace.Usage, "cached_tokens", TokenClass.CacheRead),
        new(UsagePlace.Usage, "num_cached_tokens", TokenClass.CacheRead),
        new(UsagePlace.Usage, "prompt_cache_hit_tokens", TokenClass.CacheRead),
        new(UsagePlace.Usage, "reasoning_tokens", TokenClass.Reasoning),
        // Anthropic, also as LiteLLM repeats it.
        new(UsagePlace.Usage, "cache_read_input_tokens", TokenClass.CacheRead),
        new(UsagePlace.Usage, "cache_creation_input_tokens", UsageField.CacheWrite),
        new(UsagePlace.Usage, "cache_creation", UsageField.CacheWriteDetails),
        new(UsagePlace.Usage, "server_tool_use", UsageField.ServerTools),
        // Bedrock's Converse and gateways that write it in camel case.
        new(UsagePlace.Usage, "promptTokens", UsageField.Prompt),
        new(UsagePlace.Usage, "inputTokens", UsageField.Prompt),
        new(UsagePlace.Usage, "completionTokens", UsageField.Completion),
        new(UsagePlace.Usage, "outputTokens", UsageField.Completion),
        new(UsagePlace.Usage, "totalTokens", UsageField.Total),
        new(UsagePlace.Usage, "cacheReadInputTokens", TokenClass.CacheRead),
        new(UsagePlace.Usage, "cacheWriteInputTokens", UsageField.CacheWrite),
        // Gemini's usageMetadata: thoughts and what tools brought in stand beside.
        new(UsagePlace.Usage, "promptTokenCount", UsageField.Prompt),
        new(UsagePlace.Usage, "toolUsePromptTokenCount", UsageField.PromptBeside),
        new(UsagePlace.Usage, "candidatesTokenCount", UsageField.Candidates),
        new(UsagePlace.Usage, "thoughtsTokenCount", UsageField.Thoughts),
        new(UsagePlace.Usage, "cachedContentTokenCount", TokenClass.CacheRead),
        new(UsagePlace.Usage, "totalTokenCount", UsageField.Total),
        // llama.cpp's timings.
        new(UsagePlace.Usage, "prompt_n", UsageField.Processed),
        new(UsagePlace.Usage, "cache_n", UsageField.Reused),
        new(UsagePlace.Usage, "predicted_n", UsageField.Completion),
        // What the provider says it cost: a number, DeepInfra's name for it, Perplexity's object.
        new(UsagePlace.Usage, "cost", UsageField.Cost),
        new(UsagePlace.Usage, "estimated_cost", UsageField.Cost),
        new(UsagePlace.Cost, "total_cost", UsageField.Cost),
        new(UsagePlace.PromptDetails, "cached_tokens", TokenClass.CacheRead),
        new(UsagePlace.PromptDetails, "cached_tokens_details", UsageField.CachedDetails),
        new(UsagePlace.CachedDetails, "audio_tokens", TokenClass.CacheReadAudio),
        new(UsagePlace.CachedDetails, "image_tokens", TokenClass.CacheReadImage),
        new(UsagePlace.PromptDetails, "cache_creation_tokens", UsageField.CacheWrite),
        new(UsagePlace.PromptDetails, "cache_write_tokens", UsageField.CacheWrite),
        new(UsagePlace.PromptDetails, "cache_creation_token_details", UsageField.CacheWriteDetails),
        new(UsagePlace.PromptDetails, "audio_tokens", TokenClass.InputAudio),
        new(UsagePlace.PromptDetails, "image_tokens", TokenClass.InputImage),
        new(UsagePlace.PromptDetails, "video_tokens", TokenClass.InputVideo),
        new(UsagePlace.PromptDetails, "image_count", UsageField.ImagesIn),
        new(UsagePlace.PromptDetails, "web_search_requests", UsageField.WebSearches),
        new(UsagePlace.CacheWriteDetails, "ephemeral_5m_input_tokens", UsageField.CacheWrite5m),
        new(UsagePlace.CacheWriteDetails, "ephemeral_1h_input_tokens", UsageField.CacheWrite1h),
        new(UsagePlace.CompletionDetails, "reasoning_tokens", TokenClass.Reasoning),
        new(UsagePlace.CompletionDetails, "audio_tokens", TokenClass.OutputAudio),
        new(UsagePlace.CompletionDetails, "image_tokens", TokenClass.OutputImage),
        new(UsagePlace.ServerTools, "web_search_requests", UsageField.WebSearches),
        // Cohere's meta, as LiteLLM gives it of every rerank.
        new(UsagePlace.Usage, "billed_units", UsageField.BilledUnits),
        new(UsagePlace.Usage, "tokens", UsageField.Inner),
        new(UsagePlace.BilledUnits, "search_units", UsageField.SearchUnits),
        new(UsagePlace.BilledUnits, "total_tokens", UsageField.Prompt),
        new(UsagePlace.BilledUnits, "input_tokens", UsageField.Prompt),
        new(UsagePlace.BilledUnits, "output_tokens", UsageField.Completion),
    ];

    private static readonly Entry[][] ByLength =
    [
        .. Enumerable.Range(0, LongestName + 1).Select(length => All.Where(entry => entry.Name.Length == length).ToArray()),
    ];

    /// <summary>What a member tells; <see cref="UsageField.None"/> for a name that means nothing there.</summary>
    public static UsageField Find(UsagePlace place, ReadOnlySpan<byte> name)
    {
        if (name.Length > LongestName)
        {
            return UsageField.None;
        }
        foreach (var entry in ByLength[name.Length])
        {
            if (entry.Place == place && name.SequenceEqual(entry.Name))
            {
                return entry.Field;
            }
        }
        return UsageField.None;
    }

    private sealed class Entry(UsagePlace place, string name, UsageField field)
    {
        public Entry(UsagePlace place, string name, TokenClass tokenClass)
            : this(place, name, UsageField.FirstClass + (byte)tokenClass) { }

        public UsagePlace Place { get; } = place;

        public byte[] Name { get; } = Encoding.UTF8.GetBytes(name);

        public UsageField Field { get; } = field;
    }
}
