namespace Gateway.Core.Usage;

/// <summary>Which object of a usage a member stands in.</summary>
internal enum UsagePlace : byte
{
    Usage,
    PromptDetails,
    CacheWriteDetails,
    CompletionDetails,

    /// <summary>What the cached tokens of a prompt are.</summary>
    CachedDetails,
    ServerTools,
    Cost,

    /// <summary>What a rerank is charged by.</summary>
    BilledUnits,
}
