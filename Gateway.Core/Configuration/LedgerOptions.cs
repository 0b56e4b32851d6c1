namespace Gateway.Core.Configuration;

/// <summary>How calls are written down: the journal, the queue to the database, kept prompts and answers, retention.</summary>
public sealed class LedgerOptions
{
    /// <summary>
    /// Bytes of one segment of the journal, some 18,000 calls by default. Two are on the disk at least; the first is made at start, before
    /// calls are taken.
    /// </summary>
    [NumberOption("JOURNAL_SEGMENT_BYTES", 1024 * 1024, 1L << 30, "bytes")]
    public int JournalSegmentBytes { get; internal set; } = 16 * 1024 * 1024;

    /// <summary>Between two syncs of the journal to disk; zero: an answer ends only when its record is on the disk.</summary>
    [NumberOption("JOURNAL_SYNC_MS", 0, 60_000, "milliseconds")]
    public TimeSpan JournalSyncInterval { get; internal set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>What calls are charged that were in flight when the process died.</summary>
    [ChoiceOption("CRASH_SETTLE")]
    public CrashSettle CrashSettle { get; internal set; } = CrashSettle.Bound;

    /// <summary>The most ended calls that wait for the database; then answers wait for a place.</summary>
    [NumberOption("USAGE_QUEUE_SIZE", 1, 10_000_000, "calls")]
    public int UsageQueueSize { get; internal set; } = 65_536;

    /// <summary>The most ended calls in one database transaction.</summary>
    [NumberOption("USAGE_BATCH_SIZE", 1, 100_000, "calls")]
    public int UsageBatchSize { get; internal set; } = 1_000;

    /// <summary>
    /// How long rows of the ledger are kept, in whole days; the sums stay. Zero: for ever; null: what admins set, 400 days unless they did.
    /// </summary>
    [NumberOption("USAGE_RETENTION_DAYS", 0, 36_500, "days")]
    public TimeSpan? UsageRetention { get; internal set; }

    /// <summary>Bytes of a prompt, and of an answer, that are kept while an admin wants them kept; the rest is cut off.</summary>
    [NumberOption("CONTENT_BYTES", 1, 64 * 1024 * 1024, "bytes")]
    public int ContentBytes { get; internal set; } = 262_144;

    /// <summary>Kept prompts and answers that may wait for the database; further ones are left out.</summary>
    [NumberOption("CONTENT_QUEUE_SIZE", 1, 1_000_000, "calls")]
    public int ContentQueueSize { get; internal set; } = 1_000;
}
