using System.Collections.Frozen;
using static Gateway.Bodies.BodyMember;

namespace Gateway.Bodies;

/// <summary>
/// What members of a body can do to the cost of a call, by the family of upstreams that reads them. Every family's members have a rule at
/// every upstream: clients send them wherever they are pointed at. A name that is missing here is refused on a budgeted call unless its
/// value is nothing; one is added with the reason why it cannot raise the cost, or with what bounds it. The members that the gateway reads
/// itself stand in <see cref="BodyMembers"/>.
/// </summary>
internal static class MemberFamilies
{
    private const string Sampling = "chooses among tokens; the maximum bounds their number";
    private const string Stopping = "ends an answer sooner";
    private const string Format = "shapes the answer within its maximum";
    private const string Report = "changes what is told of an answer, not the answer's length";
    private const string Label = "names or sorts the call";
    private const string Caching = "can make a prompt cheaper; cache writes are held at their own rate";
    private const string Thinking = "thinks within the maximum, or within the model's own where that is marked so";
    private const string Server = "decides how the upstream's machine does its work, which is not charged";
    private const string BodyText = "is text of the body, of which each byte is held as a token";
    private const string Template = "adds to the prompt what the template's allowance holds";
    private const string MoreImage = "can raise the tokens that an image counts above what is held for it";
    private const string Searches = "can start searches or tools at the provider, which cost a fee and read the prompt again";
    private const string Rewrites = "can repeat the prompt or put others into it, so that its length cannot be told from the request";
    private const string Stored = "brings in content that the upstream keeps";
    private const string Maximum = "sets a maximum of the answer beside the API's own; the larger of both is held";
    private const string Several = "asks for several answers";
    private const string Nested = "holds members of its own, each with its own rule";
    private const string Unseen = "has the answer given in another call, which is not metered";

    /// <summary>The families.</summary>
    public static IReadOnlyList<MemberFamily> All { get; } =
    [
        new(
            "OpenAI",
            new(Harmless, Sampling, "temperature", "top_p", "seed", "logit_bias", "frequency_penalty", "presence_penalty"),
            new(Harmless, Stopping, "stop"),
            new(Harmless, Report, "logprobs", "top_logprobs"),
            new(Harmless, Format, "verbosity", "parallel_tool_calls", "tool_choice", "function_call"),
            new(Harmless, Thinking, "reasoning_effort"),
            new(Harmless, Label, "user", "safety_identifier", "store"),
            new(Harmless, Caching, "prompt_cache_key", "prompt_cache_retention"),
            new(StoredContent, Stored, "previous_response_id", "conversation"),
            new(WebSearchOptions, Searches, "web_search_options"),
            new(Costly, Unseen, "background")
        ),
        new(
            "LiteLLM and Anthropic",
            new(Harmless, Sampling, "top_k"),
            new(Harmless, Stopping, "stop_sequences"),
            new(Harmless, Caching, "cache_control"),
            new(ThinkingOptions, Thinking, "thinking"),
            new(ExtraBody, Nested, "extra_body"),
            new(Costly, Searches, "mcp_servers", "container", "context_management"),
            new(StoredContent, Stored, "cached_content", "cachedContent")
        ),
        new(
            "OpenRouter",
            new(Harmless, Sampling, "top_a", "min_p", "repetition_penalty"),
            new(Harmless, "asks for the figures that the answer closes with", "usage"),
            new(Harmless, "chooses who serves the model; charged are the prices of this gateway's catalogue", "provider"),
            new(Harmless, "shortens a prompt that is too long", "transforms"),
            new(Harmless, Thinking, "include_reasoning"),
            new(Harmless, Format, "structured_outputs"),
            new(Harmless, Label, "session_id", "trace"),
            new(ReasoningOptions, Thinking, "reasoning"),
            new(Costly, Searches, "plugins"),
            new(Costly, Stored, "preset"),
            new(Costly, "can raise the size and number of images that are made", "image_config")
        ),
        new(
            "vLLM and SGLang",
            new(Harmless, Sampling, "typical_p", "length_penalty", "allowed_token_ids", "bad_words", "top_n_sigma"),
            new(Harmless, Stopping, "stop_token_ids", "stop_regex", "early_stopping"),
            new(Harmless, "never goes beyond the maximum", "min_tokens", "min_new_tokens", "ignore_eos"),
            new(
                Harmless,
                Format,
                "skip_special_tokens",
                "spaces_between_special_tokens",
                "include_stop_str_in_output",
                "no_stop_trim",
                "detokenize",
                "guided_json",
                "guided_regex",
                "guided_choice",
                "guided_grammar",
                "guided_decoding_backend",
                "guided_whitespace_pattern",
                "guided_json_object",
                "structural_tag",
                "json_schema",
                "regex",
                "ebnf",
                "separate_reasoning",
                "stream_reasoning"
            ),
            new(
                Harmless,
                Report,
                "prompt_logprobs",
                "return_tokens_as_token_ids",
                "return_token_ids",
                "return_hidden_states",
                "return_cached_tokens_details",
                "continuous_usage_stats"
            ),
            new(
                Harmless,
                "ends the prompt's template in one way or the other",
                "add_generation_prompt",
                "continue_final_message",
                "add_special_tokens",
                "echo"
            ),
            new(Harmless, "shortens a prompt that is too long", "truncate_prompt_tokens"),
            new(Harmless, BodyText, "documents"),
            new(Harmless, Label, "request_id", "rid"),
            new(Harmless, Server, "priority", "cache_salt"),
            new(TemplateArguments, Template, "chat_template_kwargs"),
            new(ReasoningBudget, Thinking, "thinking_token_budget"),
            new(OtherMaximum, Maximum, "max_new_tokens"),
            new(
                OneOnly,
                "searches in several beams, each of which is written out",
                "use_beam_search",
                "beam_width",
                "num_beams",
                "num_return_sequences"
            ),
            new(Costly, Rewrites, "chat_template"),
            new(Costly, MoreImage, "mm_processor_kwargs", "media_io_kwargs"),
            new(Costly, Stored, "session_params"),
            new(Costly, "can run code at the upstream", "logits_processors", "custom_logit_processor")
        ),
        new(
            "Ollama and llama.cpp",
            new(
                Harmless,
                Sampling,
                "mirostat",
                "mirostat_tau",
                "mirostat_eta",
                "tfs_z",
                "repeat_penalty",
                "repeat_last_n",
                "penalize_newline",
                "penalize_nl",
                "dynatemp_range",
                "dynatemp_exponent",
                "xtc_probability",
                "xtc_threshold",
                "dry_multiplier",
                "dry_base",
                "dry_allowed_length",
                "dry_penalty_last_n",
                "dry_sequence_breakers",
                "samplers",
                "min_keep",
                "typical"
            ),
            new(Harmless, Stopping, "t_max_predict_ms"),
            new(Harmless, Format, "format", "grammar", "reasoning_format", "parse_tool_calls", "thinking_forced_open"),
            new(
                Harmless,
                Report,
                "n_probs",
                "timings_per_token",
                "post_sampling_probs",
                "return_progress",
                "return_tokens",
                "response_fields"
            ),
            new(Harmless, Thinking, "think"),
            new(
                Harmless,
                "keeps less or more of an earlier prompt in memory; the prompt stays within the model's longest",
                "num_ctx",
                "num_keep",
                "n_keep",
                "n_discard",
                "cache_prompt",
                "n_cache_reuse",
                "id_slot"
            ),
            new(
                Harmless,
                Server,
                "keep_alive",
                "num_batch",
                "num_gpu",
                "main_gpu",
                "num_thread",
                "numa",
                "low_vram",
                "f16_kv",
                "use_mmap",
                "use_mlock",
                "vocab_only",
                "raw"
            ),
            new(Harmless, BodyText, "system"),
            new(ReasoningBudget, Thinking, "reasoning_budget"),
            new(UpstreamOptions, Nested, "options"),
            new(OtherMaximum, Maximum, "num_predict", "n_predict"),
            new(Costly, Rewrites, "template")
        ),
        new(
            "Groq",
            new(Harmless, Format, "disable_tool_validation", "citation_options"),
            new(Harmless, "narrows the searches that something else starts", "search_settings", "include_domains", "exclude_domains"),
            new(Costly, Searches, "compound_custom")
        ),
        new(
            "Mistral",
            new(Harmless, Sampling, "random_seed"),
            new(Harmless, Template, "safe_prompt", "prompt_mode"),
            new(Harmless, "lowers what is read of a document", "document_image_limit", "document_page_limit")
        ),
        new(
            "GLM",
            new(Harmless, Sampling, "do_sample"),
            new(Harmless, Format, "tool_stream"),
            new(Harmless, Label, "user_id"),
            new(Harmless, "is checked before the model reads the prompt", "sensitive_word_check")
        ),
        new(
            "Qwen",
            new(Harmless, Thinking, "enable_thinking", "preserve_thinking"),
            new(Harmless, Format, "incremental_output", "result_format", "translation_options"),
            new(ReasoningBudget, Thinking, "thinking_budget"),
            new(Costly, Searches, "enable_search", "search_options", "enable_code_interpreter"),
            new(Costly, MoreImage, "vl_high_resolution_images")
        ),
        new("xAI", new(SearchParameters, Searches, "search_parameters"), new(Costly, Unseen, "deferred")),
        new(
            "Gemini's compatible API",
            new(Harmless, "filters prompts and answers", "safety_settings", "safetySettings"),
            new(Harmless, Label, "labels"),
            new(GoogleOptions, Nested, "google"),
            new(OtherMaximum, Maximum, "max_output_tokens", "maxOutputTokens"),
            new(OneOnly, Several, "candidate_count", "candidateCount"),
            new(Costly, "holds a maximum and a number of answers that are not read here", "generation_config", "generationConfig"),
            new(Costly, MoreImage, "media_resolution", "mediaResolution"),
            new(
                CostlyEvenEmpty,
                Searches,
                "web_search",
                "google_search",
                "googleSearch",
                "google_search_retrieval",
                "googleSearchRetrieval",
                "code_execution",
                "codeExecution",
                "code_interpreter",
                "url_context",
                "urlContext",
                "computer_use"
            )
        ),
        new(
            "Embeddings",
            new MemberGroup(
                Harmless,
                "has no say in the length of a prompt, and an embedding has no answer",
                "encoding_format",
                "dimensions",
                "input_type",
                "task",
                "truncate",
                "output_dtype",
                "embedding_types"
            )
        ),
    ];

    /// <summary>What may stand in Ollama's <c>options</c>.</summary>
    public static IReadOnlySet<BodyMember> InOptions { get; } = new HashSet<BodyMember> { Harmless, OtherMaximum, Costly };

    /// <summary>What may stand in <c>extra_body</c>: members that do not replace what the gateway has read.</summary>
    public static IReadOnlySet<BodyMember> InExtraBody { get; } =
        new HashSet<BodyMember>
        {
            Harmless,
            OtherMaximum,
            Costly,
            CostlyEvenEmpty,
            OneOnly,
            ReasoningBudget,
            ReasoningOptions,
            ThinkingOptions,
            TemplateArguments,
            UpstreamOptions,
            SearchParameters,
            GoogleOptions,
        };

    /// <summary>All members, each once: a name that several families know has one rule.</summary>
    public static IReadOnlyList<(string Name, BodyMember Rule)> Rules { get; } =
    [.. All.SelectMany(f => f.Groups).SelectMany(g => g.Names.Select(n => (Name: n, g.Rule))).DistinctBy(m => m.Name)];

    private static readonly FrozenDictionary<string, string> Reasons = All.SelectMany(f => f.Groups)
        .SelectMany(g => g.Names.Select(n => (Name: n, g.Reason)))
        .DistinctBy(m => m.Name)
        .ToFrozenDictionary(m => m.Name, m => m.Reason, StringComparer.Ordinal);

    /// <summary>Why a member has its rule; null for one that is not known. A path's last name decides.</summary>
    public static string? ReasonOf(string path) => Reasons.GetValueOrDefault(path[(path.LastIndexOf('.') + 1)..]);
}
