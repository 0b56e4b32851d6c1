using Gateway.Core.Storage.Entities;

namespace Gateway.Core.Journal;

/// <summary>A record as it was read. Which members are set follows from the kind.</summary>
internal readonly record struct JournalRecord(RecordKind Kind, bool IsCopy, Guid CallId, int Attempt)
{
    public HoldRecord Hold { get; init; }

    public long BoundNanoUsd { get; init; }

    public UsageRecord? Usage { get; init; }
}
