namespace Gateway.Bodies;

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
    MaxToolCalls,
    N,
    BestOf,

    /// <summary>What the model reads: messages, prompts, inputs. Each API reads its own.</summary>
    Content,
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

    /// <summary>A member that only this API has, which reads it itself.</summary>
    Own,

    /// <summary>Could raise the cost without a bound: refused on a budgeted call unless its value is nothing.</summary>
    Costly,

    /// <summary>The same, and an empty object switches it on.</summary>
    CostlyEvenEmpty,

    /// <summary>A number of answers that nobody bounds: refused on a budgeted call above 1.</summary>
    OneOnly,

    /// <summary>A maximum under another name than the API's own.</summary>
    OtherMaximum,

    /// <summary>Tokens of reasoning, which some upstreams count beside the maximum.</summary>
    ReasoningBudget,

    /// <summary>An object that may hold <c>max_tokens</c> of reasoning.</summary>
    ReasoningOptions,

    /// <summary>An object that may hold <c>budget_tokens</c> of reasoning.</summary>
    ThinkingOptions,

    /// <summary>Arguments of the prompt's template, which may name another template.</summary>
    TemplateArguments,

    /// <summary>Ollama's object of options.</summary>
    UpstreamOptions,

    /// <summary>Members that a client or LiteLLM puts into the body it sends on.</summary>
    ExtraBody,

    /// <summary>Google's object within a body of OpenAI's form.</summary>
    GoogleOptions,

    /// <summary>A search that is on as soon as the member stands there, unless its mode is <c>off</c>.</summary>
    SearchParameters,
}
