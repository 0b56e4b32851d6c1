using Gateway.Inference;

namespace Gateway.Reading;

/// <summary>What a member at the top of a body means to the gateway. The default value is a member that has no rule.</summary>
internal enum BodyMember : byte
{
    Unknown,

    /// <summary>Changes how a model answers, never how much of anything a call can use beyond its bound.</summary>
    Harmless,
    Metadata,
    Model,
    Stream,
    StreamOptions,
    IncludeUsage,
    MaxTokens,
    MaxCompletionTokens,
    N,
    BestOf,
    Messages,
    Prompts,
    Tools,
    Functions,
    ResponseFormat,
    WebSearchOptions,
    ServiceTier,
    Modalities,
    Audio,
    Prediction,

    /// <summary>Names content that the upstream keeps.</summary>
    StoredContent,
}

/// <summary>
/// The allow-lists: per API the members that have a rule. One that is missing here makes a call unbounded, because it may bring in content, tools, choices or
/// another maximum; so a name is added only with a reason why it cannot.
/// </summary>
internal static class BodyMembers
{
    // Sampling, stopping, formatting and labels: what OpenAI documents, and what vLLM and its kin take beside it.
    // Thinking budgets lie within the maximum; where a provider counts them beside it, the model is marked so (reasoning_outside_max).
    private static readonly string[] Harmless =
    [
        "temperature", "top_p", "top_k", "top_a", "min_p", "typical_p", "seed", "random_seed", "stop", "stop_token_ids", "logit_bias", "logprobs", "top_logprobs",
        "frequency_penalty", "presence_penalty", "repetition_penalty", "length_penalty", "min_tokens", "ignore_eos", "skip_special_tokens",
        "spaces_between_special_tokens", "include_stop_str_in_output", "guided_json", "guided_regex", "guided_choice", "guided_grammar", "verbosity",
        "reasoning_effort", "thinking", "reasoning", "include_reasoning", "enable_thinking", "thinking_budget", "user", "safety_identifier", "store", "tags",
        "prompt_cache_key", "prompt_cache_retention", "cache_control", "safety_settings",
    ];

    private static readonly (string, BodyMember)[] Common =
    [
        ("model", BodyMember.Model), ("metadata", BodyMember.Metadata), ("litellm_metadata", BodyMember.Metadata),
        ("max_tokens", BodyMember.MaxTokens), ("max_completion_tokens", BodyMember.MaxCompletionTokens), ("n", BodyMember.N), ("best_of", BodyMember.BestOf),
        ("service_tier", BodyMember.ServiceTier), .. Harmless.Select(name => (name, BodyMember.Harmless)),
    ];

    private static readonly (string, BodyMember)[] Streaming = [("stream", BodyMember.Stream), ("stream_options", BodyMember.StreamOptions)];

    private static readonly MemberTable<BodyMember> Chat = new(
    [
        .. Common, .. Streaming,
        ("messages", BodyMember.Messages), ("tools", BodyMember.Tools), ("functions", BodyMember.Functions), ("tool_choice", BodyMember.Harmless),
        ("function_call", BodyMember.Harmless), ("parallel_tool_calls", BodyMember.Harmless), ("response_format", BodyMember.ResponseFormat),
        ("web_search_options", BodyMember.WebSearchOptions), ("modalities", BodyMember.Modalities), ("audio", BodyMember.Audio),
        ("prediction", BodyMember.Prediction), ("previous_response_id", BodyMember.StoredContent), ("conversation", BodyMember.StoredContent),
        ("prompt", BodyMember.StoredContent),
    ]);

    private static readonly MemberTable<BodyMember> Completions = new(
    [
        .. Common, .. Streaming,
        ("prompt", BodyMember.Prompts), ("suffix", BodyMember.Harmless), ("echo", BodyMember.Harmless), ("response_format", BodyMember.ResponseFormat),
    ]);

    private static readonly MemberTable<BodyMember> Embeddings = new(
    [
        .. Common,
        ("input", BodyMember.Prompts), ("encoding_format", BodyMember.Harmless), ("dimensions", BodyMember.Harmless), ("input_type", BodyMember.Harmless),
        ("task", BodyMember.Harmless), ("truncate", BodyMember.Harmless), ("output_dtype", BodyMember.Harmless), ("stream", BodyMember.Harmless),
        ("stream_options", BodyMember.Harmless),
    ]);

    /// <summary>The allow-list of an API.</summary>
    public static MemberTable<BodyMember> Of(InferenceApi api) =>
        api == InferenceApi.ChatCompletions ? Chat
        : api == InferenceApi.Completions ? Completions
        : api == InferenceApi.Embeddings ? Embeddings
        : throw new ArgumentOutOfRangeException(nameof(api), api.Name, "The API has no allow-list of members.");
}
