namespace Gateway.Tests.Replay;

/// <summary>The catalogue of the replays.</summary>
internal static class RecordedModels
{
    private static readonly string[] OfTheCostTable =
    [
        "service-tiers",
        "cached-io",
        "cached-mi-full",
        "cached-mi-io",
        "cached-map",
        "cached-map-io",
        "cached-map-mi-io",
        "chat-base-model",
        "cachewrite-full",
        "cachewrite-io",
        "reasoning-io",
        "cachedreasoning-full",
        "audio-io",
        "imagein-full",
        "prediction-io",
        "long-tiers",
        "long150-tiers",
        "longcached-tiers",
        "deepseek",
        "provider-cost-unpriced",
        "claude-cache-io",
        "claude-cache5m-full",
        "claude-map",
        "claude-long-tiers",
        "claude-search",
        "claude-thinking",
    ];

    private static readonly string[] OfThings =
    [
        "omni-moderation-latest",
        "moderation",
        "rerank",
        "rerank-custom",
        "image-url",
        "image-usage",
        "image-custom",
        "image-custom-out",
        "stt",
        "stt-tokens",
        "stt-custom",
        "tts",
        "tts-custom",
        "tts-custom-mi",
    ];

    /// <summary>Every model that a replayed call or the table of costs names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        .. RecordedExchange
            .All.Select(e => RecordedRequests.ModelOf(RecordedRequests.BodyOf(e)))
            .Concat(RecordedExchange.Newer.Select(e => RecordedRequests.FindModel(e.RequestBody)).OfType<string>())
            .Concat(OfTheCostTable)
            .Concat(OfThings)
            .Distinct()
            .Order(StringComparer.Ordinal),
    ];
}
