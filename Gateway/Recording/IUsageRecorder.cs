using Gateway.Core.Storage.Entities;

namespace Gateway.Recording;

/// <summary>Takes settled calls and sees to it that they reach the ledger. The seam for a durable journal: what is behind it may change, not what is before.</summary>
internal interface IUsageRecorder
{
    /// <summary>Takes a settled call. Completes at once unless the way to the ledger is full; then the answer waits, and nothing is dropped.</summary>
    ValueTask RecordAsync(UsageRecord record);
}
