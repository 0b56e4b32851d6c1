using Gateway.Core.Journal;
using Gateway.Core.Storage.Entities;
using Gateway.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;

namespace Gateway.Tests.Journal;

/// <summary>A folder for a journal, and what is in it.</summary>
internal sealed class TestJournal : IDisposable
{
    private readonly DirectoryInfo _data;

    public TestJournal(string? below = null)
    {
        _data = below is null ? Directory.CreateTempSubdirectory("hub-journal-") : Directory.CreateDirectory(below);
        Path = JournalFolder.PathOf(_data.FullName, "node-1");
    }

    public string Data => _data.FullName;

    public string Path { get; }

    public string[] Segments => [.. Directory.GetFiles(Path, "*.segment").Order(StringComparer.Ordinal)];

    public CallJournal Open(
        int segmentBytes = 64 * 1024,
        Func<JournalOptions, JournalOptions>? change = null,
        Action<TimeSpan, bool>? synced = null
    )
    {
        var options = new JournalOptions
        {
            SegmentBytes = segmentBytes,
            SyncInterval = TimeSpan.FromMilliseconds(5),
            RetryInterval = TimeSpan.FromMilliseconds(20),
        };
        return CallJournal.Open(JournalFolder.Lock(Path), change?.Invoke(options) ?? options, NullLogger.Instance, synced);
    }

    public Found Read()
    {
        using var folder = JournalFolder.Lock(Path);
        return Read(folder);
    }

    public static Found Read(JournalFolder folder)
    {
        var replay = JournalReplay.Read(folder);
        return new Found([.. replay.SettledCalls()], [.. replay.OpenHolds], replay.Report);
    }

    public void Dispose() => _data.Delete(recursive: true);

    /// <summary>Appends as one who can wait: with small segments the next is not always ready.</summary>
    public static JournalPosition Published(Func<JournalAppend> append)
    {
        var until = DateTime.UtcNow.AddSeconds(30);
        while (true)
        {
            var result = append();
            if (result.IsPublished)
            {
                return result.Position;
            }
            Assert.Equal(JournalOutcome.Full, result.Outcome);
            Assert.True(DateTime.UtcNow < until, "The journal stayed full.");
            Thread.Yield();
        }
    }

    /// <summary>Holds and settles calls that nobody is interested in, until the journal is in a later segment.</summary>
    public static void Fill(CallJournal journal, int segments)
    {
        var first = Append();
        while (Append() - first < segments) { }

        int Append()
        {
            var callId = Guid.CreateVersion7();
            var hold = Published(() => journal.TryHold(Calls.Hold(callId)));
            var settled = Published(() => journal.TrySettle(Calls.Usage(callId), hold));
            journal.Confirm(settled);
            return settled.Segment;
        }
    }

    public static Task EventuallyAsync(Func<bool> condition, string what) => Eventually.TrueAsync(() => Task.FromResult(condition()), what);

    public sealed record Found(IReadOnlyList<UsageRecord> Settled, IReadOnlyList<HoldRecord> OpenHolds, ReplayReport Report)
    {
        public IEnumerable<Guid> SettledIds => Settled.Select(s => Guid.Parse(s.Id));

        public IEnumerable<Guid> OpenIds => OpenHolds.Select(h => h.CallId);
    }
}
