namespace Gateway.Core.Usage;

/// <summary>Which object of a usage a member stands in.</summary>
internal enum UsagePlace : byte
{
    Usage,
    PromptDetails,
    CacheWriteDetails,
    CompletionDetails,
    ServerTools,
    Cost,

    /// <summary>What a rerank is charged by.</summary>
    BilledUnits,
}
