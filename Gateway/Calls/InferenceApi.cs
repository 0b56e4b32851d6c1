using System.Collections.Frozen;

namespace Gateway.Calls;

/// <summary>One API of <c>/v1</c> that is forwarded and metered.</summary>
/// <param name="Name">The name of the YARP route with <c>/v1</c>.</param>
/// <param name="Path">The path below <c>/v1</c>; served with and without that prefix, as LiteLLM does, and as Azure has it.</param>
/// <param name="CallType">LiteLLM's word for a call of it, as usage records show it.</param>
/// <param name="OperationName">OpenTelemetry's word for it, <c>gen_ai.operation.name</c>.</param>
/// <param name="CanStream">Whether <c>stream</c> and <c>stream_options</c> mean something.</param>
internal sealed record InferenceApi(string Name, string Path, string CallType, string OperationName, bool CanStream)
{
    // The names of models may hold slashes, and clients do not escape them.
    private static readonly string[] ModelSegments = ["{model}", "{group}/{model}", "{vendor}/{group}/{model}"];

    public static readonly InferenceApi ChatCompletions = new(
        "chat_completions",
        "/chat/completions",
        "acompletion",
        "chat",
        CanStream: true
    );
    public static readonly InferenceApi Completions = new(
        "completions",
        "/completions",
        "atext_completion",
        "text_completion",
        CanStream: true
    );
    public static readonly InferenceApi Embeddings = new("embeddings", "/embeddings", "aembedding", "embeddings", CanStream: false);

    /// <summary>All of them. Each has its own usage rule; a path that is not here is refused.</summary>
    public static IReadOnlyList<InferenceApi> All { get; } = [ChatCompletions, Completions, Embeddings];

    private static readonly FrozenDictionary<string, InferenceApi> ByRoute = All.SelectMany(api =>
            api.Routes.Select(route => KeyValuePair.Create(route.Name, api))
        )
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>
    /// The names and paths of its YARP routes: with <c>/v1</c>, without, and as Azure has them, <c>/openai/v1</c> and
    /// <c>/openai/deployments/{model}</c>.
    /// </summary>
    public IEnumerable<(string Name, string Path)> Routes =>
        [
            (Name, "/v1" + Path),
            (Name + "_unprefixed", Path),
            (Name + "_azure", "/openai/v1" + Path),
            .. ModelSegments.Select((segments, index) => ($"{Name}_azure_deployment_{index + 1}", $"/openai/deployments/{segments}{Path}")),
        ];

    /// <summary>The API that a YARP route serves.</summary>
    public static InferenceApi OfRoute(string routeId) => ByRoute[routeId];

    /// <summary>The model that the URL names; null: none, the body does.</summary>
    public static string? ModelOfPath(RouteValueDictionary route)
    {
        if (!route.TryGetValue("model", out var model))
        {
            return null;
        }
        var name = string.Join('/', new[] { route.GetValueOrDefault("vendor"), route.GetValueOrDefault("group"), model }.OfType<string>());
        return name.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase); // the server leaves %2F alone when it decodes a path
    }

    /// <summary>The path that goes upstream.</summary>
    public string UpstreamPath => "/v1" + Path;
}
