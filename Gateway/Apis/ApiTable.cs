using System.Collections.Frozen;
using Gateway.Apis.Chat;
using Gateway.Apis.Completions;
using Gateway.Apis.Embeddings;
using Gateway.Calls;

namespace Gateway.Apis;

/// <summary>
/// The table of APIs: a line for each that is forwarded. A path that belongs to none is refused, never passed on unmetered.
/// </summary>
internal static class ApiTable
{
    public static readonly CallApi Chat = new ChatApi();
    public static readonly CallApi Completions = new CompletionsApi();
    public static readonly CallApi Embeddings = new EmbeddingsApi();

    /// <summary>All of them.</summary>
    public static IReadOnlyList<CallApi> All { get; } = [Chat, Completions, Embeddings];

    private static readonly FrozenDictionary<string, CallApi> ByRoute = All.SelectMany(api =>
            api.Routes.Select(route => KeyValuePair.Create(route.Name, api))
        )
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The API that a YARP route serves.</summary>
    public static CallApi OfRoute(string routeId) => ByRoute[routeId];
}
