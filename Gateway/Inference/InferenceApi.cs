using System.Collections.Frozen;

namespace Gateway.Inference;

/// <summary>One API of <c>/v1</c> that is forwarded and metered.</summary>
/// <param name="Name">The name of the YARP route with <c>/v1</c>.</param>
/// <param name="Path">The path below <c>/v1</c>; served with and without that prefix, as LiteLLM does.</param>
/// <param name="CallType">LiteLLM's word for a call of it, as usage records show it.</param>
/// <param name="OperationName">OpenTelemetry's word for it, <c>gen_ai.operation.name</c>.</param>
/// <param name="CanStream">Whether <c>stream</c> and <c>stream_options</c> mean something.</param>
internal sealed record InferenceApi(string Name, string Path, string CallType, string OperationName, bool CanStream)
{
    public static readonly InferenceApi ChatCompletions = new("chat_completions", "/chat/completions", "acompletion", "chat", CanStream: true);
    public static readonly InferenceApi Completions = new("completions", "/completions", "atext_completion", "text_completion", CanStream: true);
    public static readonly InferenceApi Embeddings = new("embeddings", "/embeddings", "aembedding", "embeddings", CanStream: false);

    /// <summary>All of them. Each has its own usage rule; a path that is not here is refused.</summary>
    public static IReadOnlyList<InferenceApi> All { get; } = [ChatCompletions, Completions, Embeddings];

    private static readonly FrozenDictionary<string, InferenceApi> ByRoute =
        All.SelectMany(api => new[] { KeyValuePair.Create(api.Name, api), KeyValuePair.Create(api.UnprefixedName, api) }).ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The name of the YARP route without <c>/v1</c>.</summary>
    public string UnprefixedName => Name + "_unprefixed";

    /// <summary>The API that a YARP route serves.</summary>
    public static InferenceApi OfRoute(string routeId) => ByRoute[routeId];

    /// <summary>The path that goes upstream.</summary>
    public string UpstreamPath => "/v1" + Path;
}
