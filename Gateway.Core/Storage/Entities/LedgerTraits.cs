namespace Gateway.Core.Storage.Entities;

/// <summary>
/// What many calls have in common: entries hold its number. There are as many as models, outcomes, tiers and so on occur together: some
/// hundreds. Two rows may say the same. Members are documented at <see cref="UsageRecord"/>.
/// </summary>
public sealed record LedgerTraits
{
    /// <summary>Its number, from 1.</summary>
    public int Number { get; set; }

    /// <inheritdoc cref="UsageRecord.ModelName"/>
    public required string ModelName { get; set; }

    /// <inheritdoc cref="UsageRecord.Provider"/>
    public string? Provider { get; set; }

    /// <inheritdoc cref="UsageRecord.Upstream"/>
    public string? Upstream { get; set; }

    /// <inheritdoc cref="UsageRecord.UpstreamModelId"/>
    public string? UpstreamModelId { get; set; }

    /// <summary>The number of the tier's id.</summary>
    public int TierNumber { get; set; }

    /// <inheritdoc cref="UsageRecord.CallType"/>
    public required string CallType { get; set; }

    /// <inheritdoc cref="UsageRecord.Status"/>
    public required string Status { get; set; }

    /// <inheritdoc cref="UsageRecord.Outcome"/>
    public required string Outcome { get; set; }

    /// <inheritdoc cref="UsageRecord.HttpStatus"/>
    public int HttpStatus { get; set; }

    /// <inheritdoc cref="UsageRecord.IsStream"/>
    public bool IsStream { get; set; }

    /// <inheritdoc cref="UsageRecord.ServiceTier"/>
    public required string ServiceTier { get; set; }

    /// <inheritdoc cref="UsageRecord.UsageSource"/>
    public required string UsageSource { get; set; }

    /// <inheritdoc cref="UsageRecord.IsCounted"/>
    public bool IsCounted { get; set; }

    /// <inheritdoc cref="UsageRecord.CacheHit"/>
    public bool CacheHit { get; set; }

    /// <inheritdoc cref="UsageRecord.Attempts"/>
    public int Attempts { get; set; }

    /// <summary>Those of a call, without a number.</summary>
    public static LedgerTraits Of(UsageRecord record, int tierNumber) =>
        new()
        {
            ModelName = record.ModelName,
            Provider = record.Provider,
            Upstream = record.Upstream,
            UpstreamModelId = record.UpstreamModelId,
            TierNumber = tierNumber,
            CallType = record.CallType,
            Status = record.Status,
            Outcome = record.Outcome,
            HttpStatus = record.HttpStatus,
            IsStream = record.IsStream,
            ServiceTier = record.ServiceTier,
            UsageSource = record.UsageSource,
            IsCounted = record.IsCounted,
            CacheHit = record.CacheHit,
            Attempts = record.Attempts,
        };
}
