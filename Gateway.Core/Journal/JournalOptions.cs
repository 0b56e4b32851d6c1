using Gateway.Core.Configuration;
using Microsoft.Win32.SafeHandles;

namespace Gateway.Core.Journal;

/// <summary>How a journal writes. Immutable.</summary>
public sealed record JournalOptions
{
    /// <summary>
    /// Bytes of one segment; rounded down to whole slots of 64 bytes, at least 4096. Two are on the disk at least: the one in use and the
    /// next.
    /// </summary>
    public int SegmentBytes { get; init; } = 64 * 1024 * 1024;

    /// <summary>Between two syncs to disk; zero: as soon as somebody waits in <see cref="CallJournal.SyncedAsync"/>.</summary>
    public TimeSpan SyncInterval { get; init; } = TimeSpan.FromMilliseconds(50);

    /// <summary>After a segment could not be made: when to try again.</summary>
    internal TimeSpan RetryInterval { get; init; } = TimeSpan.FromSeconds(1);

    // What a test puts in place of the disk: the only way to see a sync that is slow or fails.
    internal Action<SafeFileHandle> FlushToDisk { get; init; } = RandomAccess.FlushToDisk;

    /// <summary>The options of this process.</summary>
    public static JournalOptions From(LedgerOptions options) =>
        new() { SegmentBytes = options.JournalSegmentBytes, SyncInterval = options.JournalSyncInterval };
}
