namespace Gateway.Inference;

/// <summary>One API of <c>/v1</c> that is forwarded and metered.</summary>
/// <param name="Name">The YARP route's name.</param>
/// <param name="Path">The path below <c>/v1</c>; served with and without that prefix, as LiteLLM does.</param>
/// <param name="CallType">LiteLLM's word for a call of it, as usage records show it.</param>
/// <param name="CanStream">Whether <c>stream</c> and <c>stream_options</c> mean something.</param>
internal sealed record InferenceApi(string Name, string Path, string CallType, bool CanStream)
{
    public static readonly InferenceApi ChatCompletions = new("chat_completions", "/chat/completions", "acompletion", CanStream: true);
    public static readonly InferenceApi Completions = new("completions", "/completions", "atext_completion", CanStream: true);
    public static readonly InferenceApi Embeddings = new("embeddings", "/embeddings", "aembedding", CanStream: false);

    /// <summary>All of them. Each has its own usage rule; a path that is not here is refused.</summary>
    public static IReadOnlyList<InferenceApi> All { get; } = [ChatCompletions, Completions, Embeddings];

    /// <summary>The path that goes upstream.</summary>
    public string UpstreamPath => "/v1" + Path;
}
