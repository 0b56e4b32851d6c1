namespace Gateway.Core.Storage.Entities;

/// <summary>
/// A row of the ledger as the database keeps it: numbers stand for what repeats, and what is zero is not there. <see cref="UsageRecord"/>
/// says the same in words and documents it; docs/decisions/ledger-rows.md says why.
/// </summary>
public sealed class LedgerEntry
{
    /// <inheritdoc cref="UsageRecord.Id"/>
    /// <remarks>16 bytes in the database.</remarks>
    public required string Id { get; set; }

    /// <inheritdoc cref="UsageRecord.CorrectsId"/>
    public string? CorrectsId { get; set; }

    /// <inheritdoc cref="UsageRecord.AdmittedAt"/>
    /// <remarks>Microseconds since 1970 in the database.</remarks>
    public DateTime AdmittedAt { get; set; }

    /// <summary>From the admission to the end of the answer, microseconds.</summary>
    public long Took { get; set; }

    /// <summary>From the admission to the first byte of the answer, microseconds; null: none came.</summary>
    public long? FirstByteAfter { get; set; }

    /// <summary>The number of the user's id.</summary>
    public int UserNumber { get; set; }

    /// <summary>The number of the key's id, or null.</summary>
    public int? ApiKeyNumber { get; set; }

    /// <summary>The number of the team's id, or null.</summary>
    public int? TeamNumber { get; set; }

    /// <summary>The number of the model's id.</summary>
    public int ModelNumber { get; set; }

    /// <summary>The number of what the call has in common with many others.</summary>
    public int TraitsNumber { get; set; }

    /// <inheritdoc cref="UsageRecord.IsPrepaid"/>
    public bool IsPrepaid { get; set; }

    /// <summary>Whether it is charged with its whole hold because its node died: those are looked for.</summary>
    public bool IsBound { get; set; }

    /// <summary>Uncached text of the prompt, tokens; null: none.</summary>
    public long? InputTokens { get; set; }

    /// <summary>Read from a cache, tokens; null: none.</summary>
    public long? CacheReadTokens { get; set; }

    /// <summary>Text of the answer, tokens; null: none.</summary>
    public long? OutputTokens { get; set; }

    /// <summary>Reasoning tokens; null: none.</summary>
    public long? ReasoningTokens { get; set; }

    /// <summary>Tokens of all other classes together; null: none.</summary>
    public long? OtherTokens { get; set; }

    /// <summary>What else was used, as <c>cache_write=12 input_audio=5 web_searches=1</c>; null: nothing.</summary>
    public string? OtherUsage { get; set; }

    /// <inheritdoc cref="UsageRecord.TotalCostNanoUsd"/>
    public long TotalCostNanoUsd { get; set; }

    /// <inheritdoc cref="UsageRecord.OutputCostNanoUsd"/>
    public long? OutputCostNanoUsd { get; set; }

    /// <inheritdoc cref="UsageRecord.HeldNanoUsd"/>
    public long? HeldNanoUsd { get; set; }

    /// <inheritdoc cref="UsageRecord.UpstreamCostNanoUsd"/>
    public long? UpstreamCostNanoUsd { get; set; }

    /// <inheritdoc cref="UsageRecord.ExternalRequestId"/>
    public string? ExternalRequestId { get; set; }

    /// <inheritdoc cref="UsageRecord.ClientRequestId"/>
    public string? ClientRequestId { get; set; }

    /// <inheritdoc cref="UsageRecord.ChatId"/>
    /// <remarks>16 bytes in the database.</remarks>
    public string? ChatId { get; set; }

    /// <inheritdoc cref="UsageRecord.MessageId"/>
    /// <remarks>16 bytes in the database.</remarks>
    public string? MessageId { get; set; }

    /// <inheritdoc cref="UsageRecord.EndUser"/>
    public string? EndUser { get; set; }

    /// <summary>The tags, each between commas (<see cref="TagText"/>); null: none.</summary>
    public string? Tags { get; set; }

    /// <inheritdoc cref="UsageRecord.FoldedLabels"/>
    public int? FoldedLabels { get; set; }
}
