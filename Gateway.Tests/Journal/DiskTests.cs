using Gateway.Core.Journal;
using Gateway.Tests.Support;

namespace Gateway.Tests.Journal;

/// <summary>A real small disk: full, read-only, gone.</summary>
public sealed class DiskTests : IDisposable
{
    private const int SegmentBytes = 256 * 1024;

    private readonly SmallDisk _disk = new(megabytes: 1);
    private readonly TestJournal _test;

    public DiskTests() => _test = new TestJournal(Path.Combine(_disk.Path, "data"));

    [Fact]
    public async Task On_a_full_disk_calls_are_refused_before_room_for_their_ends_is_gone_and_all_is_found()
    {
        List<Guid> settled = [];
        using (var journal = _test.Open(SegmentBytes))
        {
            await TestJournal.EventuallyAsync(() => journal.Status.Segments == 2, "the next segment is there");
            _disk.Fill();
            while (TryCall(journal) is { } id)
            {
                settled.Add(id);
            }
            Assert.False(journal.CanHold);
            Assert.True(journal.Status.IsFull);
            await TestJournal.EventuallyAsync(
                () => journal.Status.Fault?.Contains("full", StringComparison.OrdinalIgnoreCase) == true,
                "it says why"
            );
            // A quarter of a segment is left for calls that had begun.
            for (var i = 0; i < SegmentBytes / 4 / 1_024; i++)
            {
                var id = Guid.CreateVersion7();
                Assert.True(journal.TrySettle(Calls.Usage(id)).IsPublished);
                settled.Add(id);
            }
            while (journal.TrySettle(Calls.Usage(Guid.CreateVersion7())) is var last && last.Outcome != JournalOutcome.Full)
            {
                settled.Add(Guid.Empty);
            }
        }
        Assert.InRange(settled.Count, 500, 2_000);
        var found = _test.Read();
        Assert.Equal(settled.Count, found.Settled.Count);
        Assert.Empty(settled.Where(id => id != Guid.Empty).Except(found.SettledIds));
        Assert.Empty(found.OpenHolds);
    }

    [Fact]
    public async Task When_there_is_room_again_the_journal_goes_on()
    {
        using var journal = _test.Open(SegmentBytes);
        await TestJournal.EventuallyAsync(() => journal.Status.Segments == 2, "the next segment is there");
        _disk.Fill();
        while (TryCall(journal) is not null) { }
        _disk.Clear();
        await TestJournal.EventuallyAsync(() => journal.CanHold, "there is room again");
        Assert.Null(journal.Status.Fault);
        Assert.NotNull(TryCall(journal));
    }

    [Fact]
    public void On_a_disk_that_is_full_at_the_start_it_says_so()
    {
        using var folder = JournalFolder.Lock(_test.Path);
        _disk.Fill();
        var fault = Assert.Throws<JournalException>(() =>
            CallJournal.Open(
                folder,
                new JournalOptions { SegmentBytes = SegmentBytes },
                Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
            )
        );
        Assert.Contains($"cannot make a segment of {SegmentBytes} bytes", fault.Message, StringComparison.Ordinal);
        Assert.Contains("full", fault.Message, StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_test.Segments);
    }

    [Fact]
    public void On_a_read_only_disk_it_says_so_at_the_start()
    {
        _disk.MakeReadOnly();
        var fault = Assert.Throws<JournalException>(() => JournalFolder.Lock(_test.Path));
        Assert.Contains("Read-only file system", fault.Message, StringComparison.Ordinal);
        Assert.Contains("DATA_DIR", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_named_at_the_start()
    {
        File.WriteAllText(Path.Combine(_disk.Path, "file"), "");
        var fault = Assert.Throws<JournalException>(() =>
            JournalFolder.Lock(JournalFolder.PathOf(Path.Combine(_disk.Path, "file"), "node-1"))
        );
        Assert.Contains("cannot be used", fault.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task When_its_folder_vanishes_it_takes_nothing_that_would_be_lost_with_the_process()
    {
        using var journal = _test.Open(SegmentBytes);
        Assert.NotNull(TryCall(journal));
        Directory.Delete(_test.Path, recursive: true);
        await TestJournal.EventuallyAsync(() => !journal.CanHold, "it was noticed");
        Assert.Contains("deleted", journal.Status.Fault!, StringComparison.Ordinal);
        Assert.False(journal.TrySettle(Calls.Usage(Guid.CreateVersion7())).IsPublished);
        Assert.False(journal.TryHold(Calls.Hold(Guid.CreateVersion7())).IsPublished);
    }

    public void Dispose() => _disk.Dispose();

    private static Guid? TryCall(CallJournal journal)
    {
        var id = Guid.CreateVersion7();
        var hold = journal.TryHold(Calls.Hold(id));
        return hold.IsPublished && journal.TrySettle(Calls.Usage(id), hold.Position).IsPublished ? id : null;
    }
}
